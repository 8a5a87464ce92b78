import { importInterrupted } from '@calotype/core'

export interface Times {
  connectMs: number
  idleMs: number
  totalMs: number
}

/** The time that one fetch has, from the first name that is resolved to the last byte. */
export interface Total {
  signal: AbortSignal
  /** What comes of the work, unless time is up before. */
  within<T>(work: Promise<T>): Promise<T>
  stop(): void
}

export const tookTooLong = (ms: number) => importInterrupted(`it took longer than ${ms / 1000} s`)

export function startTotal(totalMs: number): Total {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(tookTooLong(totalMs)), totalMs)
  const { signal } = controller
  return {
    signal,
    within: work =>
      new Promise((resolve, reject) => {
        const give = () => reject(signal.reason)
        if (signal.aborted) give()
        signal.addEventListener('abort', give, { once: true })
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give))
      }),
    stop: () => clearTimeout(timer),
  }
}
