import { Readable } from 'node:stream'
import type { InstallationSecrets, ObjectReference } from '../backup/index.ts'
import { sha256Of } from './contracts/bytes.ts'
import { createFaults } from './faults.ts'
import { createMemoryBlobStore } from './memory/blob-store.ts'
import { createMemoryDatabaseCopy, emptyRows, type MemoryRows } from './memory/database-copy.ts'
import { createTestClock } from './test-clock.ts'

export const KNOWN = [1, 2, 3]
const BLOB_CALLS = ['put', 'read', 'readWhole', 'head', 'remove']
const BY = { projectId: 'p', purpose: 'care' as const }

/** An installation to copy, one to fill, and an archive between them, with every call to them watched. */
export function createCopyScene(pictures: readonly string[] = ['one', 'two', 'three']) {
  const faults = createFaults()
  const clock = createTestClock()
  const error = () => new Error('the connection was lost')
  const watch = <T extends object>(name: string, target: T): T => faults.watch(name, target, { error })
  const store = (name: string) => {
    const blobs = createMemoryBlobStore(clock)
    return { blobs, watched: faults.watch(name, blobs, { error, only: BLOB_CALLS }) }
  }
  const side = (name: string, rows: MemoryRows) => {
    const { blobs, watched } = store(name)
    return { rows, blobs, watched, database: createMemoryDatabaseCopy(rows, { known: KNOWN, watch }) }
  }
  const source = side('source', emptyRows())
  source.rows.schema = [...KNOWN]
  source.rows.tables.set('organizations', ['o1\tThe first'])
  const scene = {
    world: { faults },
    clock,
    source,
    target: side('target', emptyRows()),
    archive: store('archive'),
    secrets: createSecretKeeper(),
    add: async (name: string, text: string) => {
      await putPicture(scene.source, name, text)
    },
    drop: async (name: string) => {
      source.rows.objects = source.rows.objects.filter(({ key }) => key !== name)
      writeImages(source.rows)
      await source.blobs.remove([name], BY)
    },
  }
  const ready = Promise.all(pictures.map((text, at) => scene.add(`uploads/${at + 1}`, text)))
  return ready.then(() => scene)
}

export type CopyScene = Awaited<ReturnType<typeof createCopyScene>>

async function putPicture(side: CopyScene['source'], key: string, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const options = { maxBytes: Number.POSITIVE_INFINITY, contentType: 'image/jpeg' }
  await side.blobs.put(key, Readable.from([bytes]), options, BY)
  const reference: ObjectReference = {
    ...{ key, projectId: 'p', sizeBytes: bytes.length, sha256: sha256Of(bytes) },
    ...{ contentType: 'image/jpeg', required: true },
  }
  side.rows.objects.push(reference)
  writeImages(side.rows)
}

function writeImages(rows: MemoryRows): void {
  const lines = rows.objects.map(each => JSON.stringify(each)).sort()
  rows.tables.set('images', lines)
}

function createSecretKeeper() {
  let held: InstallationSecrets | null = null
  return {
    readSecretKey: async () => held?.secretKey ?? null,
    write: async (secrets: InstallationSecrets) => {
      held = secrets
    },
    get held() {
      return held
    },
  }
}
