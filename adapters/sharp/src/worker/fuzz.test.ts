import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DomainError } from '@calotype/core'
import { expect, it } from 'vitest'
import { createSharpImageProcessor } from '../sharp-image-processor.ts'
import { requestFor } from '../testing/drawings.ts'
import { drawSeeds, mutate } from '../testing/mutations.ts'

const FILES = 500
const VARIANT = { name: 'full', width: 64, height: 64, fit: 'inside', formats: ['jpeg'], maxBytes: null } as const

it('brings every damaged file to an end: rendered, or refused with a code, and no process lost', async () => {
  const seeds = await drawSeeds()
  const deaths: string[] = []
  const processor = createSharpImageProcessor({
    processes: 2,
    jobsPerProcess: FILES,
    log: ({ event, reason = '' }) => void (/gone|lost|defect/.test(event) && deaths.push(reason)),
  })
  const outcomes: Record<string, number> = {}
  const lane = async (first: number): Promise<void> => {
    const request = await requestFor('', { variants: [VARIANT] })
    for (let seed = first; seed < FILES; seed += 2) {
      const source = join(request.source, '..', `file-${seed}`)
      await writeFile(source, mutate(seeds, seed))
      const outcome = await processor.render({ ...request, source }).then(
        () => 'ready',
        (error: unknown) => (error instanceof DomainError ? error.code : 'no code'),
      )
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      for (const file of await readdir(request.outputDirectory)) await rm(join(request.outputDirectory, file))
    }
  }
  try {
    await Promise.all([lane(0), lane(1)])
  } finally {
    await processor.close()
  }
  expect(deaths).toEqual([])
  expect(Object.keys(outcomes).sort()).toEqual(
    expect.arrayContaining(['corrupt_image', 'ready', 'unsupported_media_type']),
  )
  expect(outcomes['no code']).toBeUndefined()
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(FILES)
})
