import { createS3BlobStore } from '@calotype/aws'
import { type BucketConnection, radosgwBucket } from '@calotype/aws/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cloud, startCloud } from '../testing/cloud.ts'

interface Report {
  ok: boolean
  checks: { name: string; outcome: string; found: string }[]
}

const CARE = { projectId: '', purpose: 'care' as const }
/** Each command is a program that starts. */
const LIMIT_MS = 240_000
/** Parts that these deployments do not have; the command has no data directory. */
const ABSENT = ['detection queue', 'Redis', 'mail', 'disk space']

async function examine(cloud: Cloud) {
  const { code, output } = await cloud.run(['doctor', '--json'])
  const { ok, checks }: Report = JSON.parse(output)
  const named = (outcome: string) => checks.filter(each => each.outcome === outcome).map(({ name }) => name)
  const found = (name: string) => checks.find(each => each.name === name)?.found
  return { code, ok, failed: named('failed'), skipped: named('skipped'), found }
}

/** A worker announces a message before it removes it. */
const WAIT = { timeout: 30_000 }

/** Keys in the bucket and messages in the queues. */
async function leftIn(cloud: Cloud) {
  const blobs = createS3BlobStore(cloud.bucket)
  const keys: string[] = []
  for await (const { key } of blobs.list('', CARE)) keys.push(key)
  blobs.close()
  return { keys, messages: (await cloud.queue.count()) + (await cloud.deadLetters.count()) }
}

function deployment(storage: () => Promise<BucketConnection | undefined>) {
  const scene: { cloud?: Cloud } = {}
  beforeAll(async () => {
    const bucket = await storage()
    scene.cloud = await startCloud({ ...(bucket ? { storage: bucket } : {}), tells: () => 1 })
  }, 120_000)
  afterAll(() => scene.cloud?.close(), 60_000)
  return (): Cloud => {
    if (!scene.cloud) throw new Error('There is no deployment')
    return scene.cloud
  }
}

// One deployment that is put together step by step.
describe('a deployment on Ceph', () => {
  const cloud = deployment(radosgwBucket)

  it(
    'that nobody prepared is told what it lacks',
    async () => {
      const { code, failed } = await examine(cloud())
      expect([code, failed]).toEqual([1, ['schema', 'server', 'bucket settings', 'browser uploads']])
      await expect.poll(() => leftIn(cloud()), WAIT).toEqual({ keys: [], messages: 0 })
    },
    LIMIT_MS,
  )

  it(
    'shows what storage apply would change, changes it, and has nothing to change then',
    async () => {
      const apply = (...words: string[]) => cloud().run(['storage', 'apply', ...words])
      const tried = await apply('--dry-run')
      expect([tried.code, tried.output]).toEqual([0, expect.stringContaining('nothing was changed')])
      expect(tried.output).toContain(`  + AllowedOrigins: ${cloud().publicUrl}`)
      expect(tried.output).toContain('  + unfinished multipart uploads are aborted after 1 day')
      const done = await apply()
      expect([done.code, done.output]).toEqual([0, tried.output.replace('nothing was changed (--dry-run)', 'written')])
      const again = await apply()
      expect([again.code, again.output]).toEqual([0, `${cloud().bucket.bucket}: nothing to change\n`])
    },
    LIMIT_MS,
  )

  it(
    'is proven without a worker, whose queue doctor reads itself',
    async () => {
      expect((await cloud().run(['init'])).code).toBe(0)
      await cloud().start('api', 'api')
      const { code, failed, skipped, found } = await examine(cloud())
      expect([code, failed, skipped]).toEqual([0, [], ABSENT])
      expect(found('storage events')).toContain('read by doctor')
      await expect.poll(() => leftIn(cloud()), WAIT).toEqual({ keys: [], messages: 0 })
    },
    LIMIT_MS,
  )

  it(
    'is proven beside a worker, and twice at once',
    async () => {
      await cloud().start('worker', 'worker')
      const both = await Promise.all([examine(cloud()), examine(cloud())])
      for (const { code, failed, skipped, found } of both) {
        expect([code, failed, skipped]).toEqual([0, [], ABSENT])
        expect(found('storage events')).toContain('read by a worker')
      }
      await expect.poll(() => leftIn(cloud()), WAIT).toEqual({ keys: [], messages: 0 })
      expect(cloud().output()).not.toMatch(/usage was not written|an upload of no image/)
    },
    LIMIT_MS,
  )
})

describe('a deployment on a storage that checks no signatures', () => {
  const cloud = deployment(async () => undefined)

  it(
    'is found out, and still nothing is left',
    async () => {
      await cloud().run(['init'])
      const { code, ok, failed, found } = await examine(cloud())
      expect([code, ok]).toEqual([1, false])
      expect(failed).toEqual(expect.arrayContaining(['server', 'bucket is private', 'bucket settings', 'upload URLs']))
      expect(found('upload URLs')).toContain('storage took another type')
      await expect.poll(() => leftIn(cloud()), WAIT).toEqual({ keys: [], messages: 0 })
    },
    LIMIT_MS,
  )
})
