import { rm } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { runRound } from './crash/round.ts'
import { makeDataDirectory, removeDataDirectory } from './server.ts'
import { isLocal } from './target.ts'

/** Seeds that always were: a red test can be repeated. Long runs with random ones are `npm run crash`. */
const SEEDS = [3, 8]

describe.skipIf(!isLocal)('a kill -9 in the middle of uploads', () => {
  let dataDirectory = ''
  afterAll(async () => {
    if (dataDirectory === '') return
    await removeDataDirectory(dataDirectory)
    await rm(`${dataDirectory}.log`, { force: true })
  })

  it.each(SEEDS)('breaks no promise and leaves no file behind (seed %i)', async seed => {
    dataDirectory ||= await makeDataDirectory()
    const { losses, promised } = await runRound({ dataDirectory, seed, uploads: 40 })
    expect(losses).toEqual([])
    expect(promised).toBeGreaterThan(0)
  })
})
