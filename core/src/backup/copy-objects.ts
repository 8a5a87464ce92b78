import type { BlobInfo, BlobStore } from '../blob-store.ts'
import type { ObjectReference } from './database-copy.ts'
import { copyDiffers } from './errors.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { type CopiedObject, readWanted, writeList } from './run-files.ts'
import { COPYING, digestOf, isSame, leftJoin, mapInOrder } from './streams.ts'

/** Objects under way at a time; each holds a few parts of an upload in memory. */
const COPIES_AT_ONCE = 4
/** What a kill can cost: objects of a list that was not written yet are copied again. */
const OBJECTS_PER_LIST = 1_000
const BYTES_PER_LIST = 256 * 1024 * 1024
/** Keys that a report names; all are counted. */
export const MAX_KEYS_TOLD = 100

export interface KeyTally {
  count: number
  keys: string[]
}

export interface ObjectsCopied {
  lists: Awaited<ReturnType<typeof writeList>>[]
  objects: { count: number; bytes: number }
  /** What had to be moved: the rest was there already. */
  fresh: { count: number; bytes: number }
  missing: KeyTally
  differing: KeyTally
}

export interface CopyPlaces {
  from: BlobStore
  to: BlobStore
  /** Where the lists are kept. */
  archive: BlobStore
}

interface Candidate {
  reference: ObjectReference
  known: CopiedObject | null
  present: BlobInfo | null
}

/**
 * Brings every object that the run wants to the target and writes down what was copied and read back, list by list. What earlier runs
 * wrote down, and is still there, is not copied again.
 */
export async function copyObjects(
  places: CopyPlaces,
  input: { run: string; total: number; known: readonly AsyncIterable<CopiedObject>[] },
  onProgress: OnProgress,
): Promise<ObjectsCopied> {
  const { run } = input
  const result: ObjectsCopied = {
    ...{ lists: [], objects: { count: 0, bytes: 0 }, fresh: { count: 0, bytes: 0 } },
    ...{ missing: { count: 0, keys: [] }, differing: { count: 0, keys: [] } },
  }
  const step = countProgress('objects', input.total, onProgress)
  let waiting: CopiedObject[] = []
  let waitingBytes = 0
  const flush = async () => {
    result.lists.push(await writeList(places.archive, run, result.lists.length + 1, waiting))
    waiting = []
    waitingBytes = 0
  }
  const candidates = candidatesOf(places, run, input.known)
  for await (const settled of mapInOrder(candidates, COPIES_AT_ONCE, each => settle(places, each))) {
    const { reference, copied, fresh } = settled
    step(fresh && copied ? copied.sizeBytes : 0)
    if (!copied) {
      if (reference.required) tally(result.missing, reference.key)
      continue
    }
    if (!isAsWanted(reference, copied)) tally(result.differing, reference.key)
    for (const sum of fresh ? [result.objects, result.fresh] : [result.objects]) {
      sum.count++
      sum.bytes += copied.sizeBytes
    }
    waiting.push(copied)
    waitingBytes += fresh ? copied.sizeBytes : 0
    if (waiting.length >= OBJECTS_PER_LIST || waitingBytes >= BYTES_PER_LIST) await flush()
  }
  if (waiting.length > 0) await flush()
  return result
}

async function* candidatesOf(places: CopyPlaces, run: string, known: readonly AsyncIterable<CopiedObject>[]) {
  let candidates = withoutKnown(readWanted(places.archive, run))
  for (const list of known) candidates = withKnown(candidates, list)
  for await (const { left, right } of leftJoin(candidates, places.to.list('', COPYING)))
    yield { ...left, present: right }
}

type Unplaced = Omit<Candidate, 'present'> & { key: string }

async function* withoutKnown(references: AsyncIterable<ObjectReference>): AsyncGenerator<Unplaced> {
  for await (const reference of references) yield { key: reference.key, reference, known: null }
}

async function* withKnown(
  candidates: AsyncIterable<Unplaced>,
  list: AsyncIterable<CopiedObject>,
): AsyncGenerator<Unplaced> {
  for await (const { left, right } of leftJoin(candidates, list)) yield { ...left, known: left.known ?? right }
}

async function settle(places: CopyPlaces, { reference, known, present }: Candidate) {
  // Awaited bytes may have come since.
  const settled = known && reference.sizeBytes !== null && isAsWanted(reference, known)
  if (settled && present?.sizeBytes === known.sizeBytes) return { reference, copied: known, fresh: false }
  return { reference, copied: await copyObject(places, reference), fresh: true }
}

/** Null for what is not there. Rejects with `copy_differs` when something else is read back than was written. */
export async function copyObject(
  { from, to }: Pick<CopyPlaces, 'from' | 'to'>,
  { key, contentType }: Pick<ObjectReference, 'key' | 'contentType'>,
): Promise<CopiedObject | null> {
  const body = await from.read(key, null, COPYING)
  if (!body) return null
  try {
    const stored = await to.put(key, body, { maxBytes: Number.POSITIVE_INFINITY, contentType }, COPYING)
    if (!isSame(await digestOf(to, key), stored)) throw copyDiffers(key)
    return { key, contentType, ...stored }
  } finally {
    body.destroy()
  }
}

const isAsWanted = (reference: ObjectReference, copied: CopiedObject): boolean =>
  (reference.sizeBytes ?? copied.sizeBytes) === copied.sizeBytes &&
  (reference.sha256 ?? copied.sha256) === copied.sha256

function tally(to: KeyTally, key: string): void {
  to.count++
  if (to.keys.length < MAX_KEYS_TOLD) to.keys.push(key)
}
