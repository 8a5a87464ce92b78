import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CRASH_ENV, runRound } from './crash/round.ts'
import { makeDataDirectory, removeDataDirectory, type Server, startServer } from './server.ts'
import { isLocal } from './target.ts'

/** Seeds that always were: a red test can be repeated. Long runs with random ones are `npm run crash`. */
const SEEDS = [3, 8]

describe.skipIf(!isLocal)('a kill -9 in the middle of uploads', () => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ dataDirectory: await makeDataDirectory(), env: CRASH_ENV })
  })
  afterAll(async () => {
    await server.stop()
    await removeDataDirectory(server.dataDirectory)
    await rm(`${server.dataDirectory}.log`, { force: true })
  })

  it.each(SEEDS)('breaks no promise and leaves no file behind (seed %i)', async seed => {
    const { losses, promised, ...round } = await runRound({ server, seed, uploads: 30 })
    server = round.server
    expect(losses).toEqual([])
    expect(promised).toBeGreaterThan(0)
  })
})
