import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createS3BlobStore } from '@calotype/aws'
import { radosgwBucket } from '@calotype/aws/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cloud, startCloud } from '../testing/cloud.ts'
import { ownerKeyOf } from '../testing/cloud-client.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const LIMIT_MS = 600_000

let cloud: Cloud
let inside: Server
let key: string

beforeAll(async () => {
  const env = { UPLOAD_URLS_PER_MINUTE: '10000', LOG_LEVEL: 'trace', WEBHOOK_ALLOW_PRIVATE: 'yes' }
  cloud = await startCloud({ storage: await radosgwBucket(), tells: () => 1, env })
  key = ownerKeyOf(await cloud.run(['init']))
  for (const role of ['api', 'worker'] as const)
    await Promise.all([cloud.start(`${role}-a`, role), cloud.start(`${role}-b`, role)])
  inside = await showInside(cloud)
}, 300_000)

afterAll(async () => {
  inside?.close()
  await cloud?.close()
}, 60_000)

/** What the tests ask about storage and log, which they see by themselves on the embedded shape. */
async function showInside({ bucket, output }: Cloud): Promise<Server> {
  const blobs = createS3BlobStore(bucket)
  const listAll = async () => {
    const keys: string[] = []
    for await (const { key } of blobs.list('', { projectId: '', purpose: 'care' })) keys.push(key)
    return keys
  }
  const server = createServer(async (request, reply) => {
    reply.end(request.url === '/log' ? output() : JSON.stringify(await listAll()))
  })
  server.once('close', () => blobs.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

it(
  'passes the black-box suite of the embedded shape: two API and two worker processes, a Ceph bucket, its events',
  async () => {
    const address = inside.address()
    const port = typeof address === 'object' ? address?.port : null
    const env = {
      ...process.env,
      ...{ E2E_URL: cloud.publicUrl, E2E_KEY: key, E2E_INSIDE: `http://127.0.0.1:${port}` },
    }
    const words = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', 'e2e/src/api.test.ts']
    const suite = spawn(process.execPath, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [suite.stdout, suite.stderr]) stream.on('data', chunk => (output += String(chunk)))
    const [code] = await once(suite, 'close')
    expect(code, output.slice(-20_000)).toBe(0)
  },
  LIMIT_MS,
)
