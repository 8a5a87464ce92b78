import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { createS3BlobStore } from '@calotype/aws'
import { CHUNKS_PREFIX, PIECE_BYTES } from '@calotype/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cloud, type Program, startCloud } from '../testing/cloud.ts'
import { type Client, openClient, ownerKeyOf } from '../testing/cloud-client.ts'
import { drawPng } from '../testing/draw-png.ts'

const WAIT = { timeout: 60_000, interval: 100 }
/** For a machine that is busy. */
const LIMIT_MS = 300_000
const TUS = { 'tus-resumable': '1.0.0' }
const SMALL = drawPng(7)
/** What comes after the end of a PNG means nothing to it. */
const BYTES = Buffer.concat([SMALL, Buffer.alloc(2 * PIECE_BYTES, 7)])

let cloud: Cloud
let key: string
let client: Client
let first: Program
let second: Program

beforeAll(async () => {
  cloud = await startCloud()
  key = ownerKeyOf(await cloud.run(['init']))
  client = openClient(key)
  ;[first, second] = await Promise.all([cloud.start('api-a', 'api'), cloud.start('api-b', 'api')])
  await cloud.start('worker', 'worker')
}, 300_000)

afterAll(() => cloud?.close(), 60_000)

async function begin(program: Program): Promise<string> {
  const texts = { filename: 'roof.png', filetype: 'image/png' }
  const pairs = Object.entries(texts).map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}`)
  const headers = { ...TUS, 'upload-length': String(BYTES.length), 'upload-metadata': pairs.join(',') }
  const answer = await client.call(program.url, '/images/resumable', { method: 'POST', headers })
  return answer.headers.get('location')?.split('/').at(-1) ?? ''
}

const headersAt = (offset: number) => ({
  ...{ ...TUS, authorization: `Bearer ${key}`, 'content-type': 'application/offset+octet-stream' },
  'upload-offset': String(offset),
})

const patch = (program: Program, id: string, offset: number) =>
  client.call(program.url, `/images/resumable/${id}`, {
    ...{ method: 'PATCH', headers: headersAt(offset), body: new Uint8Array(BYTES.subarray(offset)) },
  })

async function offsetAt(program: Program, id: string): Promise<number> {
  const answer = await client.call(program.url, `/images/resumable/${id}`, { method: 'HEAD', headers: TUS })
  return Number(answer.headers.get('upload-offset'))
}

/** Sends this many bytes of all, and then nothing more. */
function hold(program: Program, id: string, sizeBytes: number): void {
  const headers = { ...headersAt(0), 'content-length': String(BYTES.length) }
  const sent = request(`${program.url}/api/v1/images/resumable/${id}`, { method: 'PATCH', headers })
  sent.on('error', () => {})
  sent.write(BYTES.subarray(0, sizeBytes))
}

async function keysUnder(prefix: string): Promise<string[]> {
  const blobs = createS3BlobStore(cloud.bucket)
  const keys: string[] = []
  for await (const { key: name } of blobs.list(prefix, { projectId: '', purpose: 'care' })) keys.push(name)
  blobs.close()
  return keys
}

async function expectWhole(program: Program, id: string): Promise<void> {
  const image = () => client.load(program.url, id)
  await expect.poll(async () => (await image()).status, WAIT).toBe('ready')
  expect((await image()).sha256).toBe(createHash('sha256').update(BYTES).digest('hex'))
  await expect.poll(() => keysUnder(`${CHUNKS_PREFIX}${id}/`), WAIT).toEqual([])
}

it(
  'comes out whole although both processes are sent the same bytes at the same moment',
  async () => {
    const id = await begin(first)
    const answers = await Promise.all([first, second, first, second].map(program => patch(program, id, 0)))
    const statuses = answers.map(answer => answer.status)
    expect(statuses.filter(status => ![204, 409, 410].includes(status))).toEqual([])
    for (let offset = await offsetAt(second, id); offset < BYTES.length; offset = await offsetAt(second, id))
      await patch(second, id, offset)
    await expectWhole(second, id)
  },
  LIMIT_MS,
)

it(
  'goes on at another process when the first one is killed in the middle of a request',
  async () => {
    const id = await begin(first)
    hold(first, id, PIECE_BYTES + 1_000)
    await expect.poll(() => offsetAt(second, id), WAIT).toBe(PIECE_BYTES)
    expect(await keysUnder(`uploads/${id}`)).toEqual([])
    await first.signal('SIGKILL')
    expect(await offsetAt(second, id)).toBe(PIECE_BYTES)
    expect((await patch(second, id, PIECE_BYTES)).status).toBe(204)
    await expectWhole(second, id)
  },
  LIMIT_MS,
)

it(
  'keeps what has come when the process stops',
  async () => {
    const id = await begin(second)
    hold(second, id, PIECE_BYTES + 1_000)
    await expect.poll(() => offsetAt(second, id), WAIT).toBe(PIECE_BYTES)
    expect(await second.signal('SIGTERM')).toBe(0)
    const third = await cloud.start('api-c', 'api')
    const offset = await offsetAt(third, id)
    expect(offset).toBeGreaterThanOrEqual(PIECE_BYTES)
    expect((await patch(third, id, offset)).status).toBe(204)
    await expectWhole(third, id)
  },
  LIMIT_MS,
)
