import { newProbeId, type UsageEntry } from '@calotype/core'
import { expect, it } from 'vitest'
import { createUsageMeter } from './usage-meter.ts'

function scene(record = async (_entries: readonly UsageEntry[]): Promise<void> => undefined) {
  const written: UsageEntry[] = []
  const errors: unknown[] = []
  const store = {
    record: async (entries: readonly UsageEntry[]) => {
      await record(entries)
      written.push(...entries)
    },
  }
  return { written, errors, meter: createUsageMeter(store, error => errors.push(error)) }
}

it('sums calls up per project and purpose, and writes what is pending when it closes', async () => {
  const { written, meter } = scene()
  meter.count({ projectId: 'a', purpose: 'delivery' }, { gets: 1 })
  meter.count({ projectId: 'a', purpose: 'delivery' }, { gets: 1, deliveredBytes: 50 })
  meter.count({ projectId: 'a', purpose: 'variant' }, { puts: 1 })
  meter.count({ projectId: 'b', purpose: 'delivery' }, { deliveredBytes: 7 })
  meter.count({ projectId: '', purpose: 'care' }, { puts: 1 })
  meter.count({ projectId: newProbeId(), purpose: 'delivery' }, { deliveredBytes: 1 })
  expect(written).toEqual([])
  await meter.close()
  expect(written).toHaveLength(3)
  expect(written).toContainEqual({
    projectId: 'a',
    purpose: 'delivery',
    cause: expect.any(String),
    gets: 2,
    puts: 0,
    deliveredBytes: 50,
  })
  expect(new Set(written.map(entry => entry.cause)).size).toBe(3)
  await meter.close()
  expect(written).toHaveLength(3)
})

it('tells of usage that could not be written, and ends nothing by it', async () => {
  const { errors, meter } = scene(() => Promise.reject(new Error('away')))
  meter.count({ projectId: 'a', purpose: 'delivery' }, { gets: 1 })
  await meter.close()
  expect(errors).toMatchObject([{ message: 'away' }])
})

it('does not grow without end between two writes', async () => {
  const { written, meter } = scene()
  for (let index = 0; index < 1_002; index++)
    meter.count({ projectId: String(index), purpose: 'delivery' }, { gets: 1 })
  await Promise.resolve()
  expect(written.length).toBeGreaterThan(1_000)
  await meter.close()
})
