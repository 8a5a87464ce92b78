import type { BlobStore } from '../blob-store.ts'
import { backupDamaged } from './errors.ts'
import { OBJECTS } from './make-backup.ts'
import type { Manifest } from './manifest.ts'
import { prefixBlobStore } from './prefixed-blob-store.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { type CopiedObject, readLists } from './run-files.ts'
import { digestOf, isSame, mapInOrder } from './streams.ts'

const READS_AT_ONCE = 4

/** Reads every file of a backup and compares it with what was written. Rejects with `backup_damaged`, which names the file. */
export async function checkBackup(archive: BlobStore, manifest: Manifest, onProgress: OnProgress): Promise<void> {
  await checkFiles(archive, manifest)
  await checkObjects(archive, manifest, onProgress)
}

/** Tables, lists and secrets. */
export async function checkFiles(archive: BlobStore, manifest: Manifest): Promise<void> {
  const { tables, lists, secrets } = manifest
  for (const file of [...tables, ...lists, ...(secrets ? [secrets] : [])])
    if (!isSame(await digestOf(archive, file.name), file)) throw backupDamaged(file.name)
}

/** The objects, by lists that were checked before. */
export async function checkObjects(archive: BlobStore, manifest: Manifest, onProgress: OnProgress): Promise<void> {
  const objects = prefixBlobStore(archive, OBJECTS)
  const step = countProgress('checking', manifest.objects.count, onProgress)
  const check = async (object: CopiedObject) => {
    if (!isSame(await digestOf(objects, object.key), object)) throw backupDamaged(OBJECTS + object.key)
    return object.sizeBytes
  }
  const listed = readLists(
    archive,
    manifest.lists.map(({ name }) => name),
  )
  for await (const bytes of mapInOrder(listed, READS_AT_ONCE, check)) step(bytes)
}
