import { CalotypeError } from '../errors.ts'

const LONGEST_WAIT_MS = 30_000
const FIRST_WAIT_MS = 500
const BUSY = new Set([429, 503])

export interface RetryOptions {
  tries: number
  signal?: AbortSignal | undefined
  /** Only for calls that may safely happen twice. */
  retryBrokenConnections?: boolean
}

/** Tries again when the server says it is busy, as it asks; a suspension by the cost breaker is a decision, not a queue. */
export async function withRetries<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const wait = waitBefore(error, attempt, options)
      if (wait === null) throw error
      await sleep(wait, options.signal)
    }
  }
}

function waitBefore(error: unknown, attempt: number, options: RetryOptions): number | null {
  if (!(error instanceof CalotypeError) || attempt >= options.tries) return null
  const broken = error.status === 0 && options.retryBrokenConnections === true
  const busy = BUSY.has(error.status) && error.code !== 'uploads_suspended'
  if (!broken && !busy) return null
  const wait = error.retryAfterMs ?? backOff(attempt)
  return wait > LONGEST_WAIT_MS ? null : wait
}

/** Doubles from half a second, with jitter, so that many clients do not come back at the same moment. */
export function backOff(attempt: number, longest = LONGEST_WAIT_MS, first = FIRST_WAIT_MS): number {
  const full = Math.min(longest, first * 2 ** (attempt - 1))
  return full / 2 + Math.random() * (full / 2)
}

/** `Retry-After` is either seconds or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
