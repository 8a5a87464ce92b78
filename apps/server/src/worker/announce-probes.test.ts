import { newId, newProbeId } from '@calotype/core'
import { expect, it } from 'vitest'
import { announceProbes } from './announce-probes.ts'

it('tells of probes and leaves every other event to its handler', async () => {
  const announced: string[] = []
  const handled: string[] = []
  const handle = announceProbes(
    async id => void announced.push(id),
    async ({ imageId }) => {
      handled.push(imageId)
      return 'retry'
    },
  )
  const [probe, image] = [newProbeId(), newId()]
  expect([await handle({ imageId: probe }), await handle({ imageId: image })]).toEqual(['done', 'retry'])
  expect([announced, handled]).toEqual([[probe], [image]])
})

it('lets the event come again when nobody could be told', async () => {
  const away = async () => {
    throw new Error('the database is away')
  }
  await expect(announceProbes(away, async () => 'done')({ imageId: newProbeId() })).rejects.toThrow('away')
})
