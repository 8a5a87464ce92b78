import type { Log } from '../log.ts'

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Waits until this holds, looking often. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`This did not come true within ${withinMs} ms: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
