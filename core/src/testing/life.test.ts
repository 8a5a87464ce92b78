import fc from 'fast-check'
import { it } from 'vitest'
import { createMemoryGround, stories, tell } from './model/index.ts'
import { createTestClock } from './test-clock.ts'

/** `npm run check` lives 10,000. */
const RUNS = Number(process.env.MODEL_RUNS ?? 400)
/** The same seed tells the same stories again: `MODEL_SEED=… vitest run life.test.ts`. */
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121)

it(`lives ${RUNS} random lives as the model says (MODEL_SEED=${SEED})`, async () => {
  const property = fc.asyncProperty(stories({ min: 1, max: 10 }), async story => {
    const clock = createTestClock()
    await tell(story, createMemoryGround(clock), clock)
  })
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false })
}, 600_000)
