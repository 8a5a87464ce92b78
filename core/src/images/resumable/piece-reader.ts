import { Readable } from 'node:stream'

/** A body in pieces, with what is read too far kept for the next one. */
export interface PieceReader {
  /** Waits for another byte; false where the body ends, breaks off or is to be left. */
  hasMore(): Promise<boolean>
  /** The next bytes, at most this many. Ends where the body does, so that what has come so far is kept. */
  read(limit: number): Readable
  /** Whether the body ended before its end. */
  isBroken(): boolean
  /** Lets go of the body, whose rest may then be drained. */
  release(): void
}

/** The body is never destroyed: it may be a request that still has to be answered. `leave` ends it early. */
export function createPieceReader(body: Readable, leave?: AbortSignal): PieceReader {
  const chunks = body.iterator({ destroyOnReturn: false })
  const left = whenAborted(leave)
  let held: Buffer | null = null
  let broken = false
  const take = async (): Promise<Buffer | null> => {
    while (!broken && held === null) {
      try {
        const next = await Promise.race([chunks.next(), left])
        if (next.done) return null
        if (next.value.length > 0) held = Buffer.from(next.value)
      } catch {
        broken = true
      }
    }
    return held
  }
  async function* piece(limit: number): AsyncGenerator<Buffer> {
    for (let room = limit; room > 0; ) {
      const chunk = await take()
      if (chunk === null) return
      const fitting = chunk.subarray(0, room)
      held = fitting.length < chunk.length ? chunk.subarray(fitting.length) : null
      room -= fitting.length
      yield fitting
    }
  }
  return {
    hasMore: async () => (await take()) !== null,
    read: limit => Readable.from(piece(limit), { objectMode: false }),
    isBroken: () => broken,
    // Not waited for: a body that stands still would hold up whoever leaves it.
    release: () => void chunks.return?.().catch(() => {}),
  }
}

/** Ends a body like its own end does; never settles without an abort. */
const whenAborted = (signal: AbortSignal | undefined): Promise<{ done: true; value: undefined }> =>
  new Promise(resolve => {
    const end = () => resolve({ done: true, value: undefined })
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
