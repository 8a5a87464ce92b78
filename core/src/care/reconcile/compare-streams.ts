import type { BlobInfo } from '../../blob-store.ts'
import type { Reference } from './reconcile-store.ts'

/** What storage and records say of one key. */
export interface Comparison {
  key: string
  object: BlobInfo | null
  references: readonly Reference[]
}

/**
 * Merges two streams in byte order of their keys, holding one key of each. Throws when a stream is out of order, because everything that
 * came of it would be wrong.
 */
export async function* compareStreams(
  objects: AsyncIterable<BlobInfo>,
  references: AsyncIterable<Reference>,
): AsyncGenerator<Comparison> {
  const stored = inOrder(objects, 'storage')
  const known = groupsOf(inOrder(references, 'the database'))
  try {
    let object = await next(stored)
    let group = await next(known)
    for (let key = smallerKey(object, group); key !== null; key = smallerKey(object, group)) {
      const here = object?.key === key ? object : null
      const rows = group?.key === key ? group.references : []
      yield { key, object: here, references: rows }
      if (here) object = await next(stored)
      if (rows.length > 0) group = await next(known)
    }
  } finally {
    await stored.return(undefined)
    await known.return(undefined)
  }
}

async function next<T>(stream: AsyncGenerator<T>): Promise<T | null> {
  const { done, value } = await stream.next()
  return done ? null : value
}

/** Keys are ASCII: the order of strings is the order of bytes. Null when both streams are over. */
function smallerKey(left: { key: string } | null, right: { key: string } | null): string | null {
  if (left === null || right === null) return (left ?? right)?.key ?? null
  return left.key <= right.key ? left.key : right.key
}

async function* inOrder<T extends { key: string }>(stream: AsyncIterable<T>, name: string): AsyncGenerator<T> {
  let last = ''
  for await (const each of stream) {
    if (each.key < last) throw new Error(`The keys of ${name} are not in byte order: ${each.key} came after ${last}`)
    last = each.key
    yield each
  }
}

interface Group {
  key: string
  references: Reference[]
}

/** An upload that is just being completed has two rows at its key. */
async function* groupsOf(stream: AsyncIterable<Reference>): AsyncGenerator<Group> {
  let references: Reference[] = []
  for await (const reference of stream) {
    const [first] = references
    if (first && first.key !== reference.key) {
      yield { key: first.key, references }
      references = []
    }
    references.push(reference)
  }
  const [first] = references
  if (first) yield { key: first.key, references }
}
