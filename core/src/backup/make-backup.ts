import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { DatabaseReader } from './database-copy.ts'
import { forgetEarlierRuns, makeRun, type Run } from './make-run.ts'
import { type Manifest, writeManifest } from './manifest.ts'
import { prefixBlobStore } from './prefixed-blob-store.ts'
import type { OnProgress } from './progress.ts'
import { removeWanted, secretsFile } from './run-files.ts'
import { type InstallationSecrets, markOf } from './secrets.ts'
import { putText } from './streams.ts'

/** Where a backup keeps the objects. */
export const OBJECTS = 'objects/'

export interface BackupMade extends Pick<Run, 'objects' | 'fresh' | 'missing' | 'differing'> {
  rows: number
  tables: number
}

/**
 * Copies a running installation into an archive. What a killed backup has copied, and what an earlier one holds, is not copied again;
 * until the new one is finished the earlier one stays whole.
 */
export async function makeBackup(
  deps: { database: DatabaseReader; blobs: BlobStore; archive: BlobStore; clock: Clock },
  input: { secrets: InstallationSecrets; withoutSecrets: boolean },
  onProgress: OnProgress,
): Promise<BackupMade> {
  const { archive, database, clock } = deps
  const places = { from: deps.blobs, to: prefixBlobStore(archive, OBJECTS), archive }
  const made = await makeRun({ ...places, database, clock }, onProgress)
  const { run, schema, server, tables, lists, objects, fresh, missing, differing } = made
  const secrets = input.withoutSecrets ? null : await writeSecrets(archive, run, input.secrets)
  await writeManifest(archive, {
    ...{ format: 1, run, madeAt: clock.now().toISOString(), server, schema, tables, lists, objects },
    ...{ missing, differing, secretMark: markOf(input.secrets.secretKey), secrets },
  })
  await forgetEarlierRuns(places, run)
  await removeWanted(archive, run)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return { rows, tables: tables.length, objects, fresh, missing, differing }
}

async function writeSecrets(
  archive: BlobStore,
  run: string,
  secrets: InstallationSecrets,
): Promise<Manifest['secrets']> {
  const name = secretsFile(run)
  return { name, ...(await putText(archive, name, JSON.stringify(secrets))) }
}
