import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobPurpose, BlobStore, StoredBlob } from '../blob-store.ts'

const NEWLINE = 10
/** Backups and copies belong to no project and are not metered. */
export const COPYING: BlobPurpose = { projectId: '', purpose: 'care' }

/** Puts what is made on the way. When the making fails, its own error is the one that is thrown. */
export async function putMade(
  store: BlobStore,
  key: string,
  chunks: AsyncIterable<Buffer | string>,
  contentType: string,
): Promise<StoredBlob> {
  let failure: unknown = null
  async function* watched() {
    try {
      for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    } catch (error) {
      failure = error
      throw error
    }
  }
  const body = Readable.from(watched(), { objectMode: false })
  try {
    return await store.put(key, body, { maxBytes: Number.POSITIVE_INFINITY, contentType }, COPYING)
  } catch (error) {
    throw failure ?? error
  } finally {
    body.destroy()
  }
}

export const putText = (store: BlobStore, key: string, text: string): Promise<StoredBlob> =>
  putMade(store, key, Readable.from([text]), 'text/plain')

/** Reads to the end; null for what is not there. */
export async function digestOf(store: BlobStore, key: string): Promise<StoredBlob | null> {
  const body = await store.read(key, null, COPYING)
  return body && digest(body)
}

export async function digest(body: AsyncIterable<Buffer>): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of body) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

export const isSame = (left: StoredBlob | null, right: StoredBlob): boolean =>
  left !== null && left.sizeBytes === right.sizeBytes && left.sha256 === right.sha256

/** Passes chunks on and tells how many lines ended in each. */
export async function* countLines(
  chunks: AsyncIterable<Buffer>,
  onLines: (count: number) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    let lines = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines++
    onLines(lines)
    yield chunk
  }
}

/** The lines of a text, however it is cut into chunks. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

/** Runs `work` on up to `width` items at once and gives the results in the order of the items. */
export async function* mapInOrder<In, Out>(
  items: AsyncIterable<In>,
  width: number,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = []
  try {
    for await (const item of items) {
      const result = work(item)
      // It is told when its turn comes.
      result.catch(() => {})
      running.push(result)
      const first = running.length >= width ? running.shift() : undefined
      if (first) yield await first
    }
    for (let first = running.shift(); first; first = running.shift()) yield await first
  } finally {
    await Promise.allSettled(running)
  }
}

/** Each item of the left stream with that of the right one under the same key; both are in byte order. */
export async function* leftJoin<Left extends { key: string }, Right extends { key: string }>(
  left: AsyncIterable<Left>,
  right: AsyncIterable<Right>,
): AsyncGenerator<{ left: Left; right: Right | null }> {
  const candidates = right[Symbol.asyncIterator]()
  try {
    let candidate = await candidates.next()
    for await (const item of left) {
      while (!candidate.done && candidate.value.key < item.key) candidate = await candidates.next()
      yield { left: item, right: !candidate.done && candidate.value.key === item.key ? candidate.value : null }
    }
  } finally {
    await candidates.return?.()
  }
}
