import fc from 'fast-check'
import { it } from 'vitest'
import { createMemoryGround, stories, tell } from './model/index.ts'
import { createTestClock } from './test-clock.ts'

const RUNS = Number(process.env.MODEL_RUNS ?? 10_000)
/** The same seed tells the same stories again: `MODEL_SEED=… vitest run life.test.ts`. */
const SEED = process.env.MODEL_SEED === undefined ? Date.now() % 2 ** 31 : Number(process.env.MODEL_SEED)

it(`lives ${RUNS} random lives as the model says (MODEL_SEED=${SEED})`, async () => {
  const property = fc.asyncProperty(stories({ min: 1, max: 10 }), async story => {
    const clock = createTestClock()
    await tell(story, createMemoryGround(clock), clock)
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false })
}, 600_000)
