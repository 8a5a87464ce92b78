import { afterAll, beforeAll } from 'vitest'
import type { Harness } from './harness.ts'

/** Makes the harness before the suite's tests and closes it after them. */
export function useHarness<T extends Harness>(factory: () => Promise<T>): () => T {
  let harness: T | undefined
  beforeAll(async () => {
    harness = await factory()
  })
  afterAll(async () => {
    await harness?.close()
  })
  return () => {
    if (!harness) throw new Error('The harness is there only while tests run')
    return harness
  }
}
