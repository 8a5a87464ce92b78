import type { BlobStore } from '../blob-store.ts'
import { countProgress, type OnProgress } from './progress.ts'
import { type CopiedObject, readLists } from './run-files.ts'
import { COPYING, leftJoin } from './streams.ts'

/** How many of the listed objects are not in the store, or not with their size. */
export async function countDifferences(
  store: BlobStore,
  listed: { archive: BlobStore; lists: readonly { name: string }[]; count: number },
  onProgress: OnProgress,
): Promise<number> {
  let differences = 0
  const step = countProgress('comparing', listed.count, onProgress)
  const objects = readLists(
    listed.archive,
    listed.lists.map(({ name }) => name),
  )
  for await (const { left, right } of leftJoin(objects, store.list('', COPYING))) {
    if (right?.sizeBytes !== left.sizeBytes) differences++
    step(0)
  }
  return differences
}

/** The first object of a store that none of these lists has, null when there is none. */
export async function findForeignObject(
  store: BlobStore,
  lists: readonly AsyncIterable<Pick<CopiedObject, 'key'>>[],
): Promise<string | null> {
  let strangers: AsyncIterable<{ key: string; known: boolean }> = unknownOf(store)
  for (const list of lists) strangers = marked(strangers, list)
  for await (const { key, known } of strangers) if (!known) return key
  return null
}

async function* unknownOf(store: BlobStore) {
  for await (const { key } of store.list('', COPYING)) yield { key, known: false }
}

async function* marked(objects: AsyncIterable<{ key: string; known: boolean }>, list: AsyncIterable<{ key: string }>) {
  for await (const { left, right } of leftJoin(objects, list)) yield { ...left, known: left.known || right !== null }
}
