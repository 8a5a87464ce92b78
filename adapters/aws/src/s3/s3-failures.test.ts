import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BlobStore, DomainError } from '@calotype/core'
import { bodyOf, readAll, sampleBytes } from '@calotype/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Answer,
  answer,
  begin,
  cut,
  type ScriptedServer,
  s3Error,
  stall,
  startScriptedServer,
} from '../testing/scripted-server.ts'
import { createS3BlobStore } from './s3-blob-store.ts'

const by = { projectId: 'p', purpose: 'original' as const }
const options = { maxBytes: 1e9, contentType: 'image/jpeg' }
const BYTES = sampleBytes(3_000)
const ok = answer(200, '', { etag: '"e"' })

let server: ScriptedServer
afterEach(() => server.close())

/** A store whose waits take no time but are written down. */
const open = (...script: Answer[]) => openWith({ answer: 5_000, idle: 5_000 }, ...script)
async function openWith(timeouts: { answer: number; idle: number }, ...script: Answer[]) {
  server = await startScriptedServer(...script)
  const waits: number[] = []
  const blobs = createS3BlobStore({
    ...{ region: 'us-east-1', bucket: 'photos', endpoint: server.endpoint },
    credentials: { accessKeyId: 'AKTEST', secretAccessKey: 'very-secret', sessionToken: 'session-secret' },
    timeouts,
    sleep: async milliseconds => void waits.push(milliseconds),
  })
  return { blobs, waits }
}
const put = (blobs: BlobStore) => blobs.put('uploads/a', bodyOf(BYTES), options, by)

describe('tries', () => {
  it.each<[string, Answer, number]>([
    ['cut connections', cut, 5_000],
    ['silence', stall, 300],
  ])('after %s are three, after 1, 2 and 4 s', async (_, broken, answerMs) => {
    const { blobs, waits } = await openWith({ answer: answerMs, idle: 5_000 }, broken)
    await expect(put(blobs)).rejects.toMatchObject({ kind: 'network', code: 'storage_unavailable' })
    expect(waits).toEqual([1_000, 2_000, 4_000])
    expect(server.heard.map(({ body }) => body.equals(BYTES))).toEqual([true, true, true, true])
  })

  it.each<[string, Answer]>([
    ['500', s3Error(500, 'InternalError')],
    ['503', s3Error(503, 'ServiceUnavailable')],
    ['slow down', s3Error(503, 'SlowDown')],
    ['too many requests', s3Error(429, 'TooManyRequests')],
    ['a timeout of its own', s3Error(400, 'RequestTimeout')],
  ])('after the answer %s are two, each after 5 s', async (_, broken) => {
    const { blobs, waits } = await open(broken)
    await expect(put(blobs)).rejects.toMatchObject({ kind: 'storage', code: 'storage_unavailable' })
    expect(waits).toEqual([5_000, 5_000])
    expect(server.heard).toHaveLength(3)
  })

  it.each<[string, Answer]>([
    ['no right', s3Error(403, 'AccessDenied')],
    ['no bucket', s3Error(404, 'NoSuchBucket')],
    ['a wrong signature', s3Error(403, 'SignatureDoesNotMatch')],
  ])('are none after %s', async (_, refusal) => {
    const { blobs, waits } = await open(refusal)
    await expect(put(blobs)).rejects.toMatchObject({ kind: 'storage', code: 'storage_unavailable' })
    expect(waits).toEqual([])
  })

  it('end with the first that succeeds, each kind counted for itself', async () => {
    const { blobs, waits } = await open(cut, s3Error(500, 'InternalError'), cut, s3Error(503, 'SlowDown'), cut, ok)
    expect(await put(blobs)).toMatchObject({ sizeBytes: 3_000 })
    expect(waits).toEqual([1_000, 5_000, 2_000, 5_000, 4_000])
  })

  it('are one for a health check, which wants to know about now', async () => {
    const { blobs, waits } = await open(s3Error(503, 'SlowDown'))
    await expect(blobs.check()).rejects.toMatchObject({ kind: 'storage' })
    expect(waits).toEqual([])
    expect(server.heard).toHaveLength(1)
  })
})

describe('a failure', () => {
  it('keeps its cause, and no secret', async () => {
    const leak =
      '<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><CanonicalRequest>session-secret</CanonicalRequest></Error>'
    const { blobs } = await open(answer(403, leak, { 'content-type': 'application/xml', 'x-amz-request-id': 'R1' }))
    const error = await put(blobs).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      cause: { name: 'SignatureDoesNotMatch', status: 403, requestId: 'R1', message: 'no' },
    })
    const { cause } = error instanceof DomainError ? error : {}
    expect(JSON.stringify(Object.entries({ ...Object(cause) }))).not.toMatch(/secret/)
  })

  it('of the body is the body’s, and nothing is sent', async () => {
    const { blobs } = await open(ok)
    const broken = blobs.put('uploads/a', bodyOf(BYTES, new Error('gone')), options, by)
    await expect(broken).rejects.toMatchObject({ code: 'upload_interrupted' })
    expect(server.heard).toHaveLength(0)
  })
})

describe('a write for one use', () => {
  const once = (blobs: BlobStore) => blobs.put('uploads/a', bodyOf(BYTES), { ...options, ifAbsent: true }, by)
  const absent = answer(404)
  const taken = s3Error(412, 'PreconditionFailed')
  const held = (etag: string) => answer(200, '', { etag, 'last-modified': new Date().toUTCString() })

  it('whose answer was lost is known again by what lies there', async () => {
    const { createHash } = await import('node:crypto')
    const md5 = createHash('md5').update(BYTES).digest('hex')
    const { blobs } = await open(absent, cut, taken, held(`"${md5}"`))
    expect(await once(blobs)).toMatchObject({ sizeBytes: 3_000 })
  })

  it('is refused when others were first', async () => {
    const { blobs } = await open(absent, cut, taken, held('"other"'))
    await expect(once(blobs)).rejects.toMatchObject({ code: 'upload_already_received' })
  })

  it('is refused at once when it was never repeated', async () => {
    const { blobs } = await open(absent, taken)
    await expect(once(blobs)).rejects.toMatchObject({ code: 'upload_already_received' })
    expect(server.heard[1]?.headers['if-none-match']).toBe('*')
  })
})

describe('reading', () => {
  const rest = (from: number): Answer => answer(206, BYTES.subarray(from), { etag: '"e"' })

  it.each(['cut', 'stall'] as const)('goes on where it was interrupted by a %s', async how => {
    const { blobs, waits } = await openWith(
      { answer: 5_000, idle: 300 },
      begin(BYTES, 1_000, how),
      begin(BYTES.subarray(1_000), 500, how),
      rest(1_500),
    )
    expect((await readAll(await blobs.read('uploads/a', null, by)))?.equals(BYTES)).toBe(true)
    expect(server.heard.slice(1).map(({ headers }) => [headers.range, headers['if-match']])).toEqual([
      ['bytes=1000-2999', '"e"'],
      ['bytes=1500-2999', '"e"'],
    ])
    expect(waits).toEqual([1_000, 2_000])
  })

  it('goes on inside of a range', async () => {
    const part = BYTES.subarray(100, 200)
    const { blobs } = await open(begin(part, 40, 'cut'), answer(206, part.subarray(40), { etag: '"e"' }))
    expect((await readAll(await blobs.read('uploads/a', { start: 100, end: 199 }, by)))?.equals(part)).toBe(true)
    expect(server.heard[1]?.headers.range).toBe('bytes=140-199')
  })

  it('fails when another object lies there by then, and after the last try', async () => {
    const changed = await open(begin(BYTES, 1_000, 'cut'), s3Error(412, 'PreconditionFailed'))
    await expect(readAll(await changed.blobs.read('uploads/a', null, by))).rejects.toMatchObject({ kind: 'storage' })
    await server.close()
    const hopeless = await open(begin(BYTES, 10, 'cut'))
    await expect(readAll(await hopeless.blobs.read('uploads/a', null, by))).rejects.toMatchObject({ kind: 'network' })
    expect(server.heard).toHaveLength(4)
  })

  it('waits for a reader who takes his time', async () => {
    const large = sampleBytes(3_000_000)
    const { blobs, waits } = await openWith({ answer: 5_000, idle: 200 }, answer(200, large, { etag: '"e"' }))
    let length = 0
    for await (const chunk of (await blobs.read('uploads/a', null, by)) ?? []) {
      if (length === 0) await new Promise(resolve => setTimeout(resolve, 600))
      length += chunk.length
    }
    expect(length).toBe(3_000_000)
    expect(waits).toEqual([])
  })

  it('to a file leaves no half of one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'calotype-s3-'))
    const { blobs } = await open(begin(BYTES, 10, 'cut'))
    await expect(blobs.fetchToFile('uploads/a', join(directory, 'a'), by)).rejects.toMatchObject({ kind: 'network' })
    expect(await readdir(directory)).toEqual([])
    await server.close()
    const whole = await open(begin(BYTES, 1_000, 'cut'), rest(1_000))
    expect(await whole.blobs.fetchToFile('uploads/a', join(directory, 'a'), by)).toBe(true)
    expect((await readFile(join(directory, 'a'))).equals(BYTES)).toBe(true)
    await expect(whole.blobs.fetchToFile('uploads/a', join(directory, 'a'), by)).rejects.toMatchObject({
      code: 'EEXIST',
    })
    expect((await readFile(join(directory, 'a'))).equals(BYTES)).toBe(true)
    await rm(directory, { recursive: true })
  })
})
