import { randomUUID } from 'node:crypto'
import { constants, createReadStream, mkdirSync } from 'node:fs'
import { copyFile, link, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { type BlobInfo, type BlobStore, uploadAlreadyReceived } from '@calotype/core'
import { placeDurably, pruneEmpty } from './durable.ts'
import { isAbsent, onDisk, systemCode, translate } from './failures.ts'
import { listObjects } from './list-objects.ts'
import { objectPath } from './object-path.ts'
import { readWholeFile } from './read-whole.ts'
import { OBJECT_MODE, receiveBody } from './receive-body.ts'

/** Where failures go that no caller is told in full; the shape of a pino logger. */
export interface DiskLog {
  warn(details: Record<string, unknown>, message: string): void
}

export interface DiskBlobStore extends BlobStore {
  /** Removes what writes cut off by a kill left behind; resolves with how many files. For start and sweep. */
  removeStaleTemporaryFiles(olderThan: Date): Promise<number>
}

/** The two directories of a store: only finished objects are ever under `objects`. */
interface Places {
  objects: string
  temporary: string
  fileMode: number
}

/**
 * Objects as files under `{directory}/objects`. A write goes to `{directory}/tmp`, is synced and then named, so that an object is
 * there whole or not at all, after a kill or a power cut too.
 */
export function createDiskBlobStore(config: { directory: string; log?: DiskLog }): DiskBlobStore {
  const directory = resolve(config.directory)
  return createStoreAt({ objects: join(directory, 'objects'), temporary: join(directory, 'tmp') }, config)
}

/** The same with the two directories where the caller wants them, and files of a mode of its own. */
export function createStoreAt(
  { objects, temporary }: Pick<Places, 'objects' | 'temporary'>,
  config: { log?: DiskLog; fileMode?: number },
): DiskBlobStore {
  const places = { objects, temporary, fileMode: config.fileMode ?? OBJECT_MODE }
  for (const place of [objects, temporary]) mkdirSync(place, { recursive: true, mode: 0o750 })
  const pathOf = (key: string) => objectPath(places.objects, key)
  return {
    uriPrefix: 'disk://',
    put: (key, body, options) => onDisk(async () => put(places, pathOf(key), body, options)),
    putFile: (key, path) => onDisk(async () => putFile(places, pathOf(key), path)),
    head: key => onDisk(async () => head(pathOf(key), key)),
    read: (key, range) => onDisk(async () => read(pathOf(key), range)),
    readWhole: (key, maxBytes) => onDisk(async () => readWholeFile(pathOf(key), maxBytes)),
    fetchToFile: (key, path) => onDisk(async () => fetchToFile(pathOf(key), path)),
    remove: async keys =>
      remove(
        places,
        keys.map(key => [key, pathOf(key)] as const),
        config.log,
      ),
    list: prefix => list(places, prefix),
    check: () => onDisk(() => check(places)),
    removeStaleTemporaryFiles: olderThan => onDisk(() => removeStale(places, olderThan)),
  }
}

const temporaryPath = (places: Places): string => join(places.temporary, randomUUID())

async function put(places: Places, path: string, body: Readable, options: Parameters<BlobStore['put']>[2]) {
  // Asked early to spare the transfer; the link below is what decides.
  if (options.ifAbsent && (await head(path, ''))) throw uploadAlreadyReceived()
  const temporary = temporaryPath(places)
  try {
    const stored = await receiveBody(temporary, body, options, places.fileMode)
    await placeDurably(path, () => (options.ifAbsent ? linkOnce(temporary, path) : rename(temporary, path)))
    return stored
  } finally {
    await rm(temporary, { force: true })
  }
}

async function linkOnce(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? uploadAlreadyReceived() : error
  }
}

async function putFile(places: Places, path: string, source: string): Promise<void> {
  const file = await open(source, 'r')
  try {
    const now = new Date()
    await file.utimes(now, now)
    await file.chmod(places.fileMode)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await placeDurably(path, () => rename(source, path))
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error
    await put(places, path, createReadStream(source), { maxBytes: Number.POSITIVE_INFINITY, contentType: '' })
    await unlink(source)
  }
}

async function head(path: string, key: string): Promise<BlobInfo | null> {
  try {
    const stats = await stat(path)
    return stats.isFile() ? { key, sizeBytes: stats.size, modifiedAt: stats.mtime } : null
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

async function read(path: string, range: { start: number; end: number } | null): Promise<Readable | null> {
  // Looked at first, because a directory opens like a file. Opened before it is answered, so that a removal cannot come between.
  if (!(await head(path, ''))) return null
  try {
    return (await open(path, 'r')).createReadStream({ highWaterMark: 256 * 1024, ...range })
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

/** File systems that cannot link here: another device, a limit of links, no links at all. */
const CANNOT_LINK: readonly string[] = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES']

async function fetchToFile(path: string, target: string): Promise<boolean> {
  if (!(await head(path, ''))) return false
  try {
    await link(path, target)
  } catch (error) {
    if (!CANNOT_LINK.includes(systemCode(error) ?? '')) {
      if (isAbsent(error) && !(await head(path, ''))) return false
      throw error
    }
    await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  }
  return true
}

async function remove(places: Places, objects: readonly (readonly [key: string, path: string])[], log?: DiskLog) {
  const failed: string[] = []
  for (const [key, path] of objects) {
    try {
      await unlink(path)
    } catch (error) {
      if (isAbsent(error)) continue
      failed.push(key)
      log?.warn({ key, error: translate(error) }, 'An object could not be removed')
    }
  }
  for (const directory of new Set(objects.map(([, path]) => dirname(path)))) await pruneEmpty(directory, places.objects)
  return failed
}

async function* list(places: Places, prefix: string): AsyncGenerator<BlobInfo> {
  try {
    yield* listObjects(places.objects, prefix)
  } catch (error) {
    throw translate(error)
  }
}

/** Writes and removes a few bytes: a full or read-only disk does not answer as healthy. */
async function check(places: Places): Promise<void> {
  const path = temporaryPath(places)
  try {
    await writeFile(path, 'check')
  } finally {
    await rm(path, { force: true })
  }
}

async function removeStale(places: Places, olderThan: Date): Promise<number> {
  let removed = 0
  for (const name of await readdir(places.temporary)) {
    const path = join(places.temporary, name)
    const info = await head(path, name)
    if (!info || info.modifiedAt >= olderThan) continue
    await rm(path, { force: true })
    removed += 1
  }
  return removed
}
