import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import { type Comparison, compareInstallations, type Installation } from './compare-installations.ts'
import { findForeignObject } from './compare-objects.ts'
import type { KeyTally } from './copy-objects.ts'
import type { DatabaseLoader } from './database-copy.ts'
import { copyDiffers, installationNotEmpty } from './errors.ts'
import { checkSchema, loadTables } from './load-tables.ts'
import { forgetEarlierRuns, makeRun, removeFolder } from './make-run.ts'
import type { OnProgress } from './progress.ts'
import { listRuns, objectsOf, readCopied, readWanted, runFolder, untilDamage } from './run-files.ts'

export interface TransferDeps {
  from: Installation
  to: Installation & { database: DatabaseLoader }
  /** Where it is written down what was copied and read back, for a transfer that is killed. */
  ledger: BlobStore
  clock: Clock
}

export interface Transferred extends Comparison {
  /** What this run had to move; null when everything was there already. */
  moved: { count: number; bytes: number } | null
  /** Objects that rows name and the source does not have, or has differently. */
  missing: KeyTally
  differing: KeyTally
}

/**
 * Brings an installation to another database and another storage. Nobody may write to the source meanwhile. It may be killed at any line:
 * run again it copies what is left, and where everything is there it only compares. Rejects with `installation_not_empty` when the target
 * has anything that did not come from here, and with `copy_differs` when the two are not equal at the end.
 */
export async function transfer(deps: TransferDeps, onProgress: OnProgress): Promise<Transferred> {
  const { from, to, ledger } = deps
  const contents = await to.database.findContents()
  const moved = contents === null ? await move(deps, onProgress) : NOTHING_MOVED
  const comparison = await compareInstallations(from, to, onProgress)
  const { differentTables, differentObjects } = comparison
  // Rows come last, all at once: a target that has others was never a transfer of this source.
  if (contents !== null && differentTables.length > 0) throw installationNotEmpty(contents)
  if (differentTables.length > 0 || differentObjects > 0)
    throw copyDiffers([...differentTables, `${differentObjects} objects`].join(', '))
  for (const run of await listRuns(ledger)) await removeFolder(ledger, runFolder(run))
  return { ...comparison, ...moved }
}

const NOTHING_MOVED = { moved: null, missing: { count: 0, keys: [] }, differing: { count: 0, keys: [] } }

async function move(deps: TransferDeps, onProgress: OnProgress) {
  const { from, to, ledger, clock } = deps
  await refuseForeignObjects(deps)
  const places = { from: from.blobs, to: to.blobs, archive: ledger }
  const run = await makeRun({ ...places, database: from.database, clock }, onProgress)
  await checkSchema(to.database, run)
  await forgetEarlierRuns(places, run.run)
  await loadTables({ database: to.database, archive: ledger }, run, onProgress)
  return { moved: run.fresh, missing: run.missing, differing: run.differing }
}

/** Objects of the source are no strangers, and those of an earlier try are not, though the source may have lost them since. */
async function refuseForeignObjects({ from, to, ledger }: TransferDeps): Promise<void> {
  const earlier = (await listRuns(ledger)).flatMap(run => [
    untilDamage(readWanted(ledger, run)),
    readCopied(ledger, run),
  ])
  const foreign = await from.database.read(moment => findForeignObject(to.blobs, [objectsOf(moment), ...earlier]))
  if (foreign !== null) throw installationNotEmpty(`the object ${foreign}`)
}
