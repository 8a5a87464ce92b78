import type { BlobInfo, BlobStore } from '../blob-store.ts'
import { checkFiles, checkObjects } from './check-backup.ts'
import { countDifferences, findForeignObject } from './compare-objects.ts'
import { copyObject } from './copy-objects.ts'
import type { DatabaseLoader } from './database-copy.ts'
import { backupDamaged, copyDiffers, installationNotEmpty } from './errors.ts'
import { checkSchema, loadTables } from './load-tables.ts'
import { OBJECTS } from './make-backup.ts'
import { type Manifest, openBackup } from './manifest.ts'
import { prefixBlobStore } from './prefixed-blob-store.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { type CopiedObject, readLists } from './run-files.ts'
import { type SecretKeeper, settleSecrets } from './secrets.ts'
import { COPYING, digestOf, isSame, leftJoin, mapInOrder } from './streams.ts'

const COPIES_AT_ONCE = 4

export interface RestoreDeps {
  archive: BlobStore
  database: DatabaseLoader
  blobs: BlobStore
  secrets: SecretKeeper
}

/**
 * Brings a backup into an empty installation: first everything is checked and nothing written, then come the objects, then the secrets, at
 * last all rows at once. Until then it may be killed and run again; afterwards the installation is not empty any more.
 */
export async function restoreBackup(deps: RestoreDeps, onProgress: OnProgress): Promise<Manifest> {
  const { archive, blobs, database } = deps
  const manifest = await openBackup(archive)
  await checkSchema(database, manifest)
  const contents = await database.findContents()
  if (contents !== null) throw installationNotEmpty(contents)
  await checkFiles(archive, manifest)
  await refuseOtherObjects(deps, manifest)
  const secrets = await settleSecrets(archive, manifest, deps.secrets)
  await checkObjects(archive, manifest, onProgress)
  await restoreObjects(deps, manifest, onProgress)
  const { lists, objects } = manifest
  const differences = await countDifferences(blobs, { archive, lists, count: objects.count }, onProgress)
  if (differences > 0) throw copyDiffers(`${differences} objects`)
  if (secrets) await deps.secrets.write(secrets)
  await loadTables({ database, archive }, manifest, onProgress)
  return manifest
}

const listed = (archive: BlobStore, manifest: Manifest): AsyncGenerator<CopiedObject> =>
  readLists(
    archive,
    manifest.lists.map(({ name }) => name),
  )

/** A restore that was killed leaves no objects but those of the backup. */
async function refuseOtherObjects({ archive, blobs }: RestoreDeps, manifest: Manifest): Promise<void> {
  const foreign = await findForeignObject(blobs, [listed(archive, manifest)])
  if (foreign !== null) throw installationNotEmpty(`the object ${foreign}`)
}

async function restoreObjects({ archive, blobs }: RestoreDeps, manifest: Manifest, onProgress: OnProgress) {
  const from = prefixBlobStore(archive, OBJECTS)
  const step = countProgress('objects', manifest.objects.count, onProgress)
  const restore = async ({ left, right }: { left: CopiedObject; right: BlobInfo | null }) => {
    if (right?.sizeBytes === left.sizeBytes && isSame(await digestOf(blobs, left.key), left)) return 0
    const copied = await copyObject({ from, to: blobs }, left)
    if (!isSame(copied, left)) throw backupDamaged(OBJECTS + left.key)
    return left.sizeBytes
  }
  const present = leftJoin(listed(archive, manifest), blobs.list('', COPYING))
  for await (const bytes of mapInOrder(present, COPIES_AT_ONCE, restore)) step(bytes)
}
