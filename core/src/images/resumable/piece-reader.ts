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

/** The body is never destroyed: it may be a request that still has to be answered. `leave` ends it early, however still it stands. */
export function createPieceReader(body: Readable, leave?: AbortSignal): PieceReader {
  const chunks = body.iterator({ destroyOnReturn: false })
  let held: Buffer | null = null
  let broken = false
  // One at a time, and taken away at the end: the signal may outlive any number of bodies.
  let wake = () => {}
  const onLeave = () => wake()
  leave?.addEventListener('abort', onLeave)
  const next = (): Promise<IteratorResult<unknown>> =>
    new Promise((resolve, reject) => {
      wake = () => resolve({ done: true, value: undefined })
      if (leave?.aborted) wake()
      else chunks.next().then(resolve, reject)
    })
  const take = async (): Promise<Buffer | null> => {
    while (!broken && held === null) {
      try {
        const { done, value } = await next()
        if (done) return null
        if (isBytes(value) && value.length > 0) held = Buffer.isBuffer(value) ? value : Buffer.from(value)
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
    release: () => {
      leave?.removeEventListener('abort', onLeave)
      // Not waited for: a body that stands still would hold up whoever leaves it.
      void chunks.return?.().catch(() => {})
    },
  }
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array
