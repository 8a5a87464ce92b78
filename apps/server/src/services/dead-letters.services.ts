import { type FakeCloud, openTestQueue, startFakeCloud } from '@calotype/aws/testing'
import { originalKey } from '@calotype/core'
import { createFakeProcessor, sampleBytes } from '@calotype/core/testing'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { storageEvent } from '../testing/cloud-client.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../testing/test-server.ts'
import { type Composition, compose } from '../wiring/compose.ts'

/** One less than a message has. */
const TRIES_BEFORE = 11
const WAIT = { timeout: 30_000 }
const BYTES = sampleBytes(2_000)

let cloud: FakeCloud
let before: TestServer | null = null
let program: Composition | null = null
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKTEST', AWS_SECRET_ACCESS_KEY: 'secret' })
  cloud = await startFakeCloud()
})
afterAll(async () => {
  await program?.close()
  await before?.close()
  await cloud?.close()
}, 60_000)

const newQueue = async (name: string) => openTestQueue(cloud.connection, await cloud.queue(name))

it('sees what fails for good among the dead letters, and leaves what failed once for another try', async () => {
  const bucket = (await cloud.bucket('photos')).bucket
  const [events, dead] = [await newQueue('events'), await newQueue('dead')]
  const env = { S3_BUCKET: bucket, S3_ENDPOINT: cloud.connection.endpoint }
  before = await startTestServer({ env })
  const [poison, passing] = [await uploadUnannounced(before), await uploadUnannounced(before)]
  await before.stop()

  // Whatever asks storage for one of them is refused from now on.
  for (const id of [poison, passing]) cloud.refuse(originalKey(id))
  await events.send(storageEvent(poison))
  for (let tries = 0; tries < TRIES_BEFORE; tries++) expect(await events.peek()).toHaveLength(1)
  await events.send(storageEvent(passing))
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: line => void lines.push(JSON.parse(line)) })
  const queues = { SQS_EVENTS_QUEUE_URL: events.url, SQS_EVENTS_DLQ_URL: dead.url }
  const config = readConfig({
    DATA_DIR: before.directory,
    ...env,
    ...queues,
    SQS_PIPELINE_QUEUE_URL: `${events.url}-none`,
  })
  program = await compose(config, PUBLIC_URL, log, { processor: createFakeProcessor() })

  await expect.poll(() => dead.count(), WAIT).toBe(1)
  expect(await dead.peek()).toMatchObject([{ Body: expect.stringContaining(originalKey(poison)) }])
  const buried = { component: 'storage-events', code: 'dead_letter', receives: TRIES_BEFORE + 1 }
  await expect.poll(() => lines, WAIT).toContainEqual(expect.objectContaining(buried))
  const { app } = program
  const health = async () => (await app.inject({ url: '/health' })).json().parts.storage_events
  await expect.poll(health, WAIT).toEqual({ status: 'ok', detail: '1 waiting, 1 dead letter' })
})

it('keeps the messages to a detection queue that is not there, and says so', async () => {
  if (!program || !before) throw new Error('It was not started')
  const { app } = program
  const call = { headers: { authorization: `Bearer ${before.ownerKey}` }, remoteAddress: '127.0.0.1' }
  const payload = { file_name: 'a.jpg', file_size: BYTES.length, mime_type: 'image/jpeg', detection_types: ['roof'] }
  const begun = (await app.inject({ ...call, method: 'POST', url: '/api/v1/images/upload-url', payload })).json()
  await put(begun)
  await app.inject({ ...call, method: 'POST', url: `/api/v1/images/${begun.image_id}/complete`, payload: {} })
  const messages = async () => (await app.inject({ ...call, url: '/api/v1/pipeline/messages' })).json().items
  await expect
    .poll(messages, WAIT)
    .toMatchObject([{ status: 'waiting', last_error: expect.stringMatching(/NonExistent|DoesNotExist/) }])
  // The upload is none the worse for it.
  const image = (await app.inject({ ...call, url: `/api/v1/images/${begun.image_id}` })).json()
  expect(image.status).toBe('ready')
})

interface Begun {
  image_id: string
  upload_url: string
  headers: Record<string, string>
}

/** Bytes in storage that nobody told of. */
async function uploadUnannounced({ call }: TestServer): Promise<string> {
  const payload = { file_name: 'a.jpg', file_size: BYTES.length, mime_type: 'image/jpeg' }
  const begun: Begun = (await call({ method: 'POST', url: '/api/v1/images/upload-url', payload })).json()
  await put(begun)
  return begun.image_id
}

async function put({ upload_url, headers }: Begun): Promise<void> {
  const { status } = await fetch(upload_url, { method: 'PUT', headers, body: new Uint8Array(BYTES) })
  expect(status).toBe(200)
}
