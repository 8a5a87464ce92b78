import type { BlobInfo, BlobStore } from '../blob-store.ts'
import type { DatabaseMoment, DatabaseReader, ObjectReference } from './database-copy.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { objectsOf } from './run-files.ts'
import { COPYING, countLines, digest, isSame, leftJoin } from './streams.ts'

export interface Installation {
  database: DatabaseReader
  blobs: BlobStore
}

export interface Comparison {
  tables: number
  rows: number
  objects: { count: number; bytes: number }
  /** Tables and objects that are not the same on both sides. */
  differentTables: readonly string[]
  differentObjects: number
}

/** Compares every row, and the size of every object that rows refer to. What the source itself misses is no difference. */
export async function compareInstallations(
  from: Installation,
  to: Installation,
  onProgress: OnProgress,
): Promise<Comparison> {
  const tables = await from.database.read(source =>
    to.database.read(target => compareTables(source, target, onProgress)),
  )
  return { ...tables, ...(await compareObjects(from, to, onProgress)) }
}

async function compareTables(source: DatabaseMoment, target: DatabaseMoment, onProgress: OnProgress) {
  const step = countProgress('comparing', source.tables.length, onProgress)
  const differentTables: string[] = []
  let rows = 0
  for (const table of source.tables) {
    const lines = countLines(await source.readTable(table), count => {
      rows += count
    })
    const wanted = await digest(lines)
    const there = target.tables.includes(table) ? await digest(await target.readTable(table)) : null
    if (!isSame(there, wanted)) differentTables.push(table)
    step(wanted.sizeBytes)
  }
  return { tables: source.tables.length, rows, differentTables }
}

async function compareObjects(from: Installation, to: Installation, onProgress: OnProgress) {
  const step = countProgress('comparing', null, onProgress)
  const objects = { count: 0, bytes: 0 }
  let differentObjects = 0
  await from.database.read(async source => {
    for await (const { left, right } of leftJoin(objectsOf(source), to.blobs.list('', COPYING))) {
      if (!(await isAsInSource(from.blobs, left, right))) differentObjects++
      if (right) objects.count++
      objects.bytes += right?.sizeBytes ?? 0
      step(right?.sizeBytes ?? 0)
    }
  })
  return { objects, differentObjects }
}

/** The source is asked only where the target is not what the row says. */
async function isAsInSource(from: BlobStore, reference: ObjectReference, found: BlobInfo | null): Promise<boolean> {
  if (found && found.sizeBytes === reference.sizeBytes) return true
  return (await from.head(reference.key, COPYING))?.sizeBytes === found?.sizeBytes
}
