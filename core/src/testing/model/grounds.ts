import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../database.ts'
import type { JobHandlers } from '../../jobs/index.ts'
import type { RemoteFiles } from '../../net/index.ts'
import { corruptImage, engineCrashed } from '../../rendering/index.ts'
import type { Workspace } from '../../workspace.ts'
import { TEST_ENCODING, testMetadata } from '../builders.ts'
import { sha256Of } from '../contracts/bytes.ts'
import { createFakeProcessor, type FakeProcessor } from '../fake-processor.ts'
import { createFakeRemoteFiles } from '../fake-remote-files.ts'
import { createMemoryDatabase } from '../memory/memory-database.ts'
import { URLS } from './operations.ts'

/** A job as the queue holds it, whatever the queue. */
export interface QueuedJob {
  order: number
  name: string
  payload: unknown
  due: number
  tries: number
}

/** A database and its queue, of which the model knows two: one in memory, and a real one. */
export interface Ground {
  database: Database
  /** Jobs that will run, oldest first. */
  jobs(): Promise<readonly QueuedJob[]>
  /** Runs what is due and what that brings about; a handler that is not there leaves its jobs alone. */
  runDue(handlers: Partial<JobHandlers>): Promise<unknown>
  /** Tells the queue that time has passed. */
  pass(milliseconds: number): Promise<void>
  /** The program was killed and has been started again. */
  restart(): Promise<void>
}

/** The database in memory. */
export function createMemoryGround(clock: Clock): Ground {
  const database = createMemoryDatabase(clock)
  return {
    database,
    jobs: async () =>
      database.queue
        .list()
        .filter(job => job.attempt < job.maxAttempts)
        .map(({ id, name, payload, runAt, attempt }) => ({
          order: id,
          name,
          payload,
          due: runAt.getTime(),
          tries: attempt,
        })),
    runDue: handlers => database.queue.runDue(handlers),
    pass: async () => {},
    restart: async () => {},
  }
}

/** Three pictures that an engine can read, and one that it cannot. */
export const CONTENTS: readonly Buffer[] = [40, 41, 42, 43].map(size => Buffer.alloc(size, size))
export const HASHES: readonly string[] = CONTENTS.map(sha256Of)
export const hashAt = (n: number): string => HASHES[n % HASHES.length] ?? ''
export const DAMAGED = HASHES.slice(-1)
export const contentOf = (hash: string): Buffer => CONTENTS[HASHES.indexOf(hash)] ?? Buffer.alloc(0)

/** One small file for each image: what the laws are about does not depend on how many there are. */
export const VARIANTS = [
  { name: 'full', width: 8, height: 8, fit: 'inside' as const, formats: ['jpeg' as const], maxBytes: null },
]

/** What lies at the addresses of others; at the last of them nothing does. */
export const WEB: Readonly<Record<string, string>> = Object.fromEntries(
  [HASHES[0], HASHES[1], HASHES[3]].map((hash, at) => [URLS[at] ?? '', hash ?? '']),
)

export function createWeb(): RemoteFiles {
  const web = createFakeRemoteFiles()
  for (const [url, hash] of Object.entries(WEB)) web.files.set(url, contentOf(hash))
  return web
}

export interface Engine extends Omit<FakeProcessor, 'version'> {
  /** Another version makes another recipe of the same rules. */
  version: string
  works: boolean
  /** Happens once, in the middle of the next render. */
  meanwhile: (() => Promise<void>) | null
}

/** Files of jobs in memory, an engine that reads them, and blobs that come from there: ten thousand lives wait for no disk. */
export function createWorkshop(blobs: BlobStore): { engine: Engine; workspace: Workspace; blobs: BlobStore } {
  const files = new Map<string, Buffer>()
  let count = 0
  const fileAt = (path: string): Buffer => {
    const bytes = files.get(path)
    if (!bytes) throw new Error(`There is no file ${path}`)
    return bytes
  }
  const workspace: Workspace = {
    use: work => {
      const path = (name: string) => `/${root}/${name}`
      const root = ++count
      const makeDirectory = async (name: string) => path(name)
      const hash = async (name: string) => ({
        sizeBytes: fileAt(path(name)).length,
        sha256: sha256Of(fileAt(path(name))),
      })
      return work({ path, makeDirectory, hash })
    },
  }
  const moved: BlobStore = {
    ...blobs,
    putFile: async (key, path, contentType, by) => {
      await blobs.put(key, Readable.from([fileAt(path)]), { maxBytes: 1_000_000, contentType }, by)
    },
    fetchToFile: async (key, path, by) => {
      const whole = await blobs.readWhole(key, 1_000_000, by)
      if (whole === null || whole === 'too_large') return false
      files.set(path, whole.bytes)
      return true
    },
  }
  return { workspace, blobs: moved, engine: createEngine(files) }
}

function createEngine(files: Map<string, Buffer>): Engine {
  const fake = createFakeProcessor()
  const engine: Engine = {
    ...fake,
    works: true,
    meanwhile: null,
    render: async ({ source, outputDirectory, recipe }) => {
      const { meanwhile } = engine
      engine.meanwhile = null
      await meanwhile?.()
      if (!engine.works) throw engineCrashed('SIGSEGV')
      const original = files.get(source) ?? Buffer.alloc(0)
      if (DAMAGED.includes(sha256Of(original))) throw corruptImage('drawn so')
      const path = `${outputDirectory}/full.jpg`
      const bytes = Buffer.from(recipe.id + createHash('md5').update(original).digest('hex'))
      files.set(path, bytes)
      const variant = { name: 'full', format: 'jpeg' as const, contentType: 'image/jpeg', width: 8, height: 8 }
      return {
        ...{ contentType: 'image/jpeg', width: 8, height: 8, animated: false, frames: 1, metadata: testMetadata() },
        ...{ placeholder: { thumbhash: 'AAAA', color: '#8a7f70' }, perceptualHash: '0f1e2d3c4b5a6978' },
        variants: [{ ...variant, sizeBytes: bytes.length, path, encoding: TEST_ENCODING }],
        ...{ omitted: [], notes: [], timings: { queue_ms: 0, wall_ms: 1, cpu_ms: 1, peak_rss_bytes: 1 }, steps: [] },
      }
    },
  }
  return engine
}
