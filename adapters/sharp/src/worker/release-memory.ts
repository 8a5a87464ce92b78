import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Below this a process may keep what it has: collecting costs some milliseconds. */
const WORTH_COLLECTING_BYTES = 256 * 1024 * 1024

/** The collector of V8, which a flag exposes to contexts that are made afterwards. */
const exposeCollector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  const collector: unknown = runInNewContext('gc')
  return typeof collector === 'function' ? () => void collector() : () => undefined
}

let collect: (() => void) | undefined

/**
 * Lets go of the pixels of the job that has ended. They lie outside of the heap of V8, which sees no reason to hurry;
 * the next job would be charged for them.
 */
export const releaseMemory = (): void => {
  if (process.memoryUsage.rss() < WORTH_COLLECTING_BYTES) return
  collect ??= exposeCollector()
  collect()
}
