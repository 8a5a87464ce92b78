import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createStoreAt, type DiskBlobStore } from './disk-blob-store.ts'

/** What is in a backup is for its owner alone. */
const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600

/** A directory of files for people: each key is a path in it. Only what is being written lies apart, under `tmp`. */
export function createDiskArchive(config: { directory: string }): DiskBlobStore {
  const objects = resolve(config.directory)
  mkdirSync(objects, { recursive: true, mode: DIRECTORY_MODE })
  return createStoreAt({ objects, temporary: join(objects, 'tmp') }, { fileMode: FILE_MODE })
}
