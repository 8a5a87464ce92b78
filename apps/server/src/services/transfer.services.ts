import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { radosgwBucket } from '@calotype/aws/testing'
import { Image } from '@calotype/contract'
import { type DebianPostgres, startDebianPostgres } from '@calotype/postgres/testing/debian'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawPng } from '../testing/draw-png.ts'
import { type Call, createMainRunner, type Env } from '../testing/run-main.ts'

const LIMIT_MS = 600_000
const IMAGES = 10
/** Said when a step is done: there the transfer is killed, one step later with each try. */
const STEPS = ['Reading tables', 'Copying objects', 'Loading tables', 'Comparing']

const main = createMainRunner()
let postgres: DebianPostgres
let directory: string
let credentials: Env
let cloud: Env
const at = (name: string) => path.join(directory, name)
const fileOf = (name: string, line: string) => readFile(path.join(at(name), line), 'utf8').then(text => text.trim())

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'calotype-transfer-'))
  postgres = await startDebianPostgres()
  const { bucket, endpoint = '', credentials: keys } = await radosgwBucket()
  if (keys === undefined || typeof keys === 'function') throw new Error('The gateway has no keys')
  credentials = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }
  const storage = { S3_BUCKET: bucket, S3_ENDPOINT: endpoint }
  cloud = { DATABASE_URL: postgres.connectionString, ...storage, DATA_DIR: at('cloud'), ...credentials }
}, LIMIT_MS)

afterAll(async () => {
  main.close()
  await postgres?.stop()
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}, LIMIT_MS)

/** Every image as it is told, and the bytes that it is shown with. */
async function look(call: Call): Promise<ReadonlyMap<string, string>> {
  const { items } = await (await call('/images?limit=200')).json()
  const seen = new Map<string, string>()
  for (const item of items) {
    const { id, status, sha256, history } = Image.parse(item)
    const bytes = Buffer.from(await (await call(`/images/${id}/file?format=webp`)).arrayBuffer()).toString('base64')
    seen.set(id, JSON.stringify({ status, sha256, history, bytes }))
  }
  expect(await (await call('/audit/verify')).json()).toMatchObject({ ok: true })
  return seen
}

async function fill(call: Call): Promise<void> {
  for (let seed = 0; seed < IMAGES; seed++) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(drawPng(seed))], { type: 'image/png' }), `${seed}.png`)
    const { id } = Image.parse(await (await call('/images/upload?wait=ready', { method: 'POST', body: form })).json())
    if (seed === 0) await call(`/images/${id}`, { method: 'DELETE' })
  }
}

async function transferThroughKills(from: Env, to: string) {
  for (const step of STEPS) await main.runUntil(step, from, 'transfer', '--to', to)
  return main.run(from, 'transfer', '--to', to)
}

const writeEnv = (name: string, env: Env) =>
  writeFile(
    at(name),
    Object.entries(env)
      .map(([variable, value]) => `${variable}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  )

it(
  'brings an embedded installation to PostgreSQL 15 and S3 and back, killed at every step',
  async () => {
    const laptop = { DATA_DIR: at('laptop') }
    const before = await main.serve(
      laptop,
      () => fileOf('laptop', 'owner.key'),
      async call => {
        await fill(call)
        cloud = { ...cloud, SECRET_KEY: await fileOf('laptop', 'secret.key') }
        await writeEnv('cloud.env', cloud)
        // Its writes would be lost.
        expect(await main.run(laptop, 'transfer', '--to', at('cloud.env'))).toMatchObject({
          ...{ code: 1, output: expect.stringContaining('being served') },
        })
        return look(call)
      },
    )
    expect(before.size).toBe(IMAGES - 1)
    const key = await fileOf('laptop', 'owner.key')
    const there = await transferThroughKills({ ...laptop, ...credentials }, at('cloud.env'))
    expect(there).toMatchObject({ code: 0, output: expect.stringContaining('0 differences') })
    expect(await main.serve(cloud, async () => key, look)).toEqual(before)

    await writeEnv('home.env', { DATA_DIR: at('home') })
    const back = await transferThroughKills(cloud, at('home.env'))
    expect(back).toMatchObject({ code: 0, output: expect.stringContaining('0 differences') })
    expect(await main.serve({ DATA_DIR: at('home') }, async () => key, look)).toEqual(before)
  },
  LIMIT_MS,
)
