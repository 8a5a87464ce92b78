import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { StoredBlob, WorkDirectory, Workspace } from '@calotype/core'
import { onDisk } from './failures.ts'

export interface DiskWorkspace extends Workspace {
  /** Removes the directories of work that was cut off by a kill. Only one program may use the directory. */
  removeAbandoned(): Promise<void>
}

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/** Temporary directories under one directory; on the blob store's file system, files move between them without a copy. */
export function createDiskWorkspace(config: { directory: string }): DiskWorkspace {
  const root = resolve(config.directory)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const inUse = new Set<string>()
  return {
    use: async work => {
      const path = await onDisk(() => mkdtemp(join(root, 'work-')))
      inUse.add(path)
      try {
        return await work(workDirectory(path))
      } finally {
        await rm(path, { recursive: true, force: true, maxRetries: 3 })
        inUse.delete(path)
      }
    },
    removeAbandoned: () =>
      onDisk(async () => {
        for (const name of await readdir(root)) {
          const path = join(root, name)
          if (!inUse.has(path)) await rm(path, { recursive: true, force: true })
        }
      }),
  }
}

function workDirectory(directory: string): WorkDirectory {
  const pathOf = (name: string): string => {
    if (!NAME.test(name)) throw new Error(`Not the name of a file in a work directory: ${name}`)
    return join(directory, name)
  }
  return {
    path: pathOf,
    makeDirectory: name =>
      onDisk(async () => {
        await mkdir(pathOf(name))
        return pathOf(name)
      }),
    hash: name => onDisk(() => hashFile(pathOf(name))),
  }
}

async function hashFile(path: string): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), async chunks => {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      hash.update(chunk)
    }
  })
  return { sizeBytes, sha256: hash.digest('hex') }
}
