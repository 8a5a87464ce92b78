import { Readable } from 'node:stream'
import { z } from 'zod'
import type { BlobStore, StoredBlob } from '../blob-store.ts'
import { DomainError } from '../errors.ts'
import type { DatabaseMoment, ObjectReference } from './database-copy.ts'
import { backupDamaged } from './errors.ts'
import { COPYING, linesOf, putMade, putText } from './streams.ts'

/** Each try to make a backup or a transfer has a folder of its own here. */
export const RUNS = 'runs/'
const REFERENCES_PER_READ = 2_000

export const runFolder = (run: string): string => `${RUNS}${run}/`
export const tableFile = (run: string, table: string): string => `${runFolder(run)}tables/${table}.copy`
export const secretsFile = (run: string): string => `${runFolder(run)}secrets.json`
const wantedFile = (run: string): string => `${runFolder(run)}wanted.ndjson`
const listFolder = (run: string): string => `${runFolder(run)}lists/`
const listFile = (run: string, number: number): string => `${listFolder(run)}${String(number).padStart(8, '0')}.ndjson`

/** An object that was copied and read back. */
const CopiedObject = z.object({
  key: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  contentType: z.string(),
})
export type CopiedObject = z.infer<typeof CopiedObject>

const WantedObject: z.ZodType<ObjectReference> = z.object({
  key: z.string(),
  projectId: z.string(),
  sizeBytes: z.number().nullable(),
  sha256: z.string().nullable(),
  contentType: z.string(),
  required: z.boolean(),
})

/** Every object that a moment refers to, in byte order. */
export async function* objectsOf(moment: Pick<DatabaseMoment, 'listObjects'>): AsyncGenerator<ObjectReference> {
  for (let after = ''; ; ) {
    const page = await moment.listObjects(after, REFERENCES_PER_READ)
    yield* page
    if (page.length < REFERENCES_PER_READ) return
    after = page.at(-1)?.key ?? after
  }
}

/** Writes down which objects a moment refers to; resolves with how many. */
export async function writeWanted(archive: BlobStore, run: string, moment: DatabaseMoment): Promise<number> {
  let count = 0
  async function* lines() {
    for await (const each of objectsOf(moment)) {
      count++
      yield `${JSON.stringify(each)}\n`
    }
  }
  await putMade(archive, wantedFile(run), lines(), 'application/x-ndjson')
  return count
}

export async function* readWanted(archive: BlobStore, run: string): AsyncGenerator<ObjectReference> {
  yield* readRecords(archive, wantedFile(run), WantedObject)
}

export const writeList = (
  archive: BlobStore,
  run: string,
  number: number,
  objects: readonly CopiedObject[],
): Promise<StoredBlob & { name: string }> => {
  const name = listFile(run, number)
  return putText(archive, name, objects.map(each => `${JSON.stringify(each)}\n`).join('')).then(stored => ({
    name,
    ...stored,
  }))
}

/** What these files list. Rejects with `backup_damaged`. */
export async function* readLists(archive: BlobStore, names: readonly string[]): AsyncGenerator<CopiedObject> {
  for (const name of names) yield* readRecords(archive, name, CopiedObject)
}

/** What an earlier try has copied, as far as it came. */
export async function* readCopied(archive: BlobStore, run: string): AsyncGenerator<CopiedObject> {
  for await (const { key } of archive.list(listFolder(run), COPYING))
    yield* untilDamage(readRecords(archive, key, CopiedObject))
}

/** A file that only spares work may end where it is damaged. */
export async function* untilDamage<T>(records: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* records
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'backup_damaged') throw error
  }
}

/** Once a run is finished, its lists tell everything. */
export async function removeWanted(archive: BlobStore, run: string): Promise<void> {
  await archive.remove([wantedFile(run)], COPYING)
}

async function* readRecords<T>(archive: BlobStore, name: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  const body = (await archive.read(name, null, COPYING)) ?? Readable.from([])
  for await (const line of linesOf(body)) yield parseRecord(line, name, schema)
}

function parseRecord<T>(line: string, name: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw backupDamaged(name)
  }
}

/** Tries that were begun at this place, oldest first. */
export async function listRuns(archive: BlobStore): Promise<readonly string[]> {
  const runs = new Set<string>()
  for await (const { key } of archive.list(RUNS, COPYING)) runs.add(key.slice(RUNS.length).split('/')[0] ?? '')
  return [...runs]
}
