import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BucketConnection, openTestQueue, startFakeCloud, type TestQueue } from '@calotype/aws/testing'
import { startEmbeddedServer } from '@calotype/postgres/embedded'
import { type Inspection, inspectDatabase } from '@calotype/postgres/testing'
import { storageEvent } from './cloud-client.ts'
import { startForwarder } from './forward.ts'
import { createPrograms, type Programs } from './programs.ts'

export type { Program } from './programs.ts'

const NOWHERE = 'http://127.0.0.1:1'

export interface CloudOptions {
  /** A bucket elsewhere; by default one in this process, which checks no signature. */
  storage?: BucketConnection
  /** How often the storage's event of an upload is sent to the queue; by default never: tests send their own. */
  tells?: (imageId: string) => number
  /** For every program. */
  env?: Record<string, string>
}

export interface Cloud extends Pick<Programs, 'run' | 'start' | 'apis' | 'output'> {
  /** Each request meets another one of the programs that answer HTTP. */
  publicUrl: string
  bucket: BucketConnection
  queue: TestQueue
  /** Where its messages go that failed too often. */
  deadLetters: TestQueue
  databaseUrl: string
  inspect(): Promise<Inspection>
  close(): Promise<void>
}

/** A PostgreSQL, a bucket and a queue outside of the programs, and programs that share them. */
export async function startCloud({ storage, tells = () => 0, env = {} }: CloudOptions = {}): Promise<Cloud> {
  const directory = await mkdtemp(path.join(tmpdir(), 'calotype-cloud-'))
  const postgres = await startEmbeddedServer({ dataDirectory: path.join(directory, 'database'), log: () => {} })
  const fake = await startFakeCloud()
  const bucket = storage ?? (await fake.bucket('photos'))
  const queue = openTestQueue(fake.connection, await fake.queue('events'))
  const deadLetters = openTestQueue(fake.connection, await fake.queue('dead-letters'))
  const door = await watchUploads(bucket, tells, queue)
  let turn = 0
  const balancer = await startForwarder(() => {
    const apis = programs.apis()
    return apis[turn++ % Math.max(1, apis.length)] ?? NOWHERE
  })
  const programs = createPrograms(directory, {
    ...{ PATH: process.env.PATH, HOST: '127.0.0.1', PUBLIC_URL: balancer.url },
    ...{ SECRET_KEY: 'the secret of all processes, shared', DATABASE_URL: postgres.connectionString },
    ...{ DATABASE_POOL_MAX: '4', ENGINE_PROCESSES: '1', S3_BUCKET: bucket.bucket, S3_ENDPOINT: door.url },
    ...{ SQS_EVENTS_QUEUE_URL: queue.url, SQS_EVENTS_DLQ_URL: deadLetters.url, AWS_REGION: bucket.region },
    AWS_ACCESS_KEY_ID: bucket.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: bucket.credentials.secretAccessKey,
    ...env,
  })
  return {
    ...{ bucket, queue, deadLetters, publicUrl: balancer.url, databaseUrl: postgres.connectionString },
    ...programs,
    inspect: () => inspectDatabase(path.join(directory, 'database')),
    close: async () => {
      programs.kill()
      await balancer.close()
      await door.close()
      await fake.close()
      await postgres.stop()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The bucket's address for everybody, where its events come from: storage of others cannot send them to this queue by itself. */
async function watchUploads(bucket: BucketConnection, tells: (imageId: string) => number, queue: TestQueue) {
  const uploads = new RegExp(`^/${bucket.bucket}/uploads/(\\w+)`)
  const sent: Promise<void>[] = []
  const door = await startForwarder(
    () => bucket.endpoint,
    ({ method, url = '' }, status) => {
      const id = method === 'PUT' && status === 200 ? uploads.exec(url)?.[1] : undefined
      if (id === undefined) return
      for (let count = tells(id); count > 0; count--) sent.push(queue.send(storageEvent(id, bucket.bucket)))
    },
  )
  return { url: door.url, close: async () => void (await Promise.all([door.close(), ...sent])) }
}
