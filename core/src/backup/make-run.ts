import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import { type CopyPlaces, copyObjects, type ObjectsCopied } from './copy-objects.ts'
import type { DatabaseMoment, DatabaseReader } from './database-copy.ts'
import { findManifest, type Manifest } from './manifest.ts'
import { countProgress, type OnProgress } from './progress.ts'
import {
  type CopiedObject,
  listRuns,
  readCopied,
  readLists,
  readWanted,
  runFolder,
  tableFile,
  untilDamage,
  writeWanted,
} from './run-files.ts'
import { COPYING, countLines, digestOf, isSame, leftJoin, putMade } from './streams.ts'

/** Moments that are taken until no object vanishes between one and the copy of its objects. */
const MAX_ROUNDS = 5
const KEYS_PER_REMOVAL = 500

export interface RunDeps extends CopyPlaces {
  database: DatabaseReader
  clock: Clock
}

export interface Run extends ObjectsCopied, Pick<Manifest, 'schema' | 'server' | 'tables'> {
  run: string
}

/**
 * Copies one moment of an installation: the tables into the archive, the objects to their place. Objects that go while they are being
 * copied make another moment necessary; then only what is new is copied. Those that are missing twice are missing.
 */
export async function makeRun(deps: RunDeps, onProgress: OnProgress): Promise<Run> {
  let missing: string | null = null
  for (let round = 1; ; round++) {
    const made = await makeOneRun(deps, onProgress)
    const now = JSON.stringify(made.missing)
    if (made.missing.count === 0 || now === missing || round === MAX_ROUNDS) return made
    missing = now
  }
}

async function makeOneRun(deps: RunDeps, onProgress: OnProgress): Promise<Run> {
  const known = await findKnown(deps.archive)
  const run = newId()
  const { wanted, ...tables } = await deps.database.read(moment => writeMoment(deps.archive, run, moment, onProgress))
  const copied = await copyObjects(deps, { run, total: wanted, known }, onProgress)
  return { run, ...tables, ...copied }
}

/** What earlier runs say was copied; the finished one first, because its lists can be checked. */
async function findKnown(archive: BlobStore): Promise<AsyncIterable<CopiedObject>[]> {
  const finished = await findManifest(archive).catch(unlessDamaged)
  const sound: string[] = []
  for (const list of finished?.lists ?? []) if (isSame(await digestOf(archive, list.name), list)) sound.push(list.name)
  const unfinished = (await listRuns(archive)).filter(run => run !== finished?.run)
  return [readLists(archive, sound), ...unfinished.map(run => readCopied(archive, run))]
}

/** Damage is no reason to keep a new backup from being made; a place that is away is one, for everything would be copied again. */
function unlessDamaged(error: unknown): null {
  if (error instanceof DomainError && error.code !== 'backup_damaged') throw error
  return null
}

async function writeMoment(archive: BlobStore, run: string, moment: DatabaseMoment, onProgress: OnProgress) {
  const step = countProgress('tables', moment.tables.length, onProgress)
  const tables: Manifest['tables'] = []
  for (const table of moment.tables) {
    let rows = 0
    const lines = countLines(await moment.readTable(table), count => {
      rows += count
    })
    const name = tableFile(run, table)
    const stored = await putMade(archive, name, lines, 'text/plain')
    tables.push({ table, name, rows, ...stored })
    step(stored.sizeBytes)
  }
  const wanted = await writeWanted(archive, run, moment)
  return { schema: [...moment.schema], server: moment.server, tables, wanted }
}

/** Removes what runs before this one brought and it does not need any more, then the runs themselves. */
export async function forgetEarlierRuns(places: CopyPlaces, run: string): Promise<void> {
  for (const earlier of await listRuns(places.archive)) {
    if (earlier === run) continue
    // A run that was stopped has the one, a finished one the other.
    for (const keys of [untilDamage(readWanted(places.archive, earlier)), readCopied(places.archive, earlier)])
      await removeUnwanted(places, keys, run)
    await removeFolder(places.archive, runFolder(earlier))
  }
}

async function removeUnwanted(places: CopyPlaces, keys: AsyncIterable<{ key: string }>, run: string): Promise<void> {
  let batch: string[] = []
  const remove = async () => {
    await places.to.remove(batch, COPYING)
    batch = []
  }
  for await (const { left, right } of leftJoin(keys, readWanted(places.archive, run))) {
    if (right) continue
    batch.push(left.key)
    if (batch.length >= KEYS_PER_REMOVAL) await remove()
  }
  await remove()
}

export async function removeFolder(archive: BlobStore, folder: string): Promise<void> {
  let batch: string[] = []
  for await (const { key } of archive.list(folder, COPYING)) {
    batch.push(key)
    if (batch.length < KEYS_PER_REMOVAL) continue
    await archive.remove(batch, COPYING)
    batch = []
  }
  await archive.remove(batch, COPYING)
}
