import { once } from 'node:events'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { buildApp } from 'fauxqs'
import { type AwsConnection, clientConfig } from '../client/connection.ts'
import { createS3Client, type S3Connection } from '../s3/s3-client.ts'

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' }

/** A bucket that tests reach, and how. */
export interface BucketConnection extends S3Connection {
  endpoint: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

export interface FakeCloud {
  connection: AwsConnection & { endpoint: string }
  /** Makes a bucket. */
  bucket(name: string): Promise<BucketConnection>
  /** Makes a queue and answers its URL. */
  queue(name: string): Promise<string>
  /** From now on every request about this object is refused (403). */
  refuse(key: string): void
  /** Keys of multipart uploads that were begun and neither finished nor aborted. */
  unfinished(): readonly string[]
  close(): Promise<void>
}

/** S3 and SQS in this process, on a free port of the loopback address. */
export async function startFakeCloud(): Promise<FakeCloud> {
  const app = buildApp({ logger: false, host: '127.0.0.1' })
  const unfinished = new Set<string>()
  const refused = new Set<string>()
  app.addHook('onRequest', async (request, reply) => {
    const path = decodeURIComponent(request.url.split('?')[0] ?? '')
    if ([...refused].some(key => path.endsWith(`/${key}`))) return reply.code(403).send()
  })
  watchUploads(app, unfinished)
  enforceConditions(app)
  sortLists(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('The fake cloud has no port')
  const connection = { region: 'us-east-1', endpoint: `http://127.0.0.1:${address.port}`, credentials: CREDENTIALS }
  return {
    connection,
    bucket: async name => {
      const s3 = { ...connection, bucket: name }
      const client = createS3Client(s3)
      await client.send(new CreateBucketCommand({ Bucket: name }))
      client.destroy()
      return s3
    },
    queue: async name => {
      const client = new SQSClient(clientConfig(connection, 'none'))
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }))
      client.destroy()
      // Queues are told apart by their path; the host that fauxqs answers is no address.
      return `${connection.endpoint}/${QueueUrl.split('/').slice(-2).join('/')}`
    },
    refuse: key => void refused.add(key),
    unfinished: () => [...unfinished],
    close: async () => {
      const closed = once(app.server, 'close')
      await app.close()
      await closed.catch(() => {})
    },
  }
}

type App = ReturnType<typeof buildApp>

/** fauxqs knows no list of multipart uploads. */
function watchUploads(app: App, unfinished: Set<string>): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    const { pathname, searchParams } = new URL(request.url, 'http://fake')
    if (reply.statusCode >= 300) return payload
    const begun = /<UploadId>(.*?)</.exec(String(payload))?.[1]
    if (searchParams.has('uploads') && begun !== undefined) unfinished.add(`${pathname} ${begun}`)
    if (request.method === 'DELETE' || request.method === 'POST')
      unfinished.delete(`${pathname} ${searchParams.get('uploadId')}`)
    return payload
  })
}

/** fauxqs ignores conditions on writes: one write at a time to a key that has them, and none to a key that is taken. */
function enforceConditions(app: App): void {
  const locks = new Map<string, Promise<void>>()
  const release = new Map<unknown, () => void>()
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['if-none-match'] !== '*' || request.method === 'GET' || request.method === 'HEAD') return
    const path = new URL(request.url, 'http://fake').pathname
    const before = locks.get(path) ?? Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    locks.set(path, promise)
    release.set(request, resolve)
    await before
    const held = await app.inject({ method: 'HEAD', url: path })
    if (held.statusCode === 200) {
      const error = '<Error><Code>PreconditionFailed</Code><Message>taken</Message></Error>'
      return reply.code(412).header('content-type', 'application/xml').send(error)
    }
  })
  app.addHook('onResponse', async request => {
    release.get(request)?.()
    release.delete(request)
  })
}

/** fauxqs sorts keys by locale where S3 sorts them by bytes. */
function sortLists(app: App): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!request.url.includes('list-type=2') || reply.statusCode !== 200) return payload
    const key = (object: string) => /<Key>(.*?)</.exec(object)?.[1] ?? ''
    const objects = String(payload).match(/<Contents>.*?<\/Contents>/gs) ?? []
    const sorted = [...objects].sort((left, right) => (key(left) < key(right) ? -1 : 1))
    let at = 0
    return String(payload).replace(/<Contents>.*?<\/Contents>/gs, () => sorted[at++] ?? '')
  })
}
