import { expect, it } from 'vitest'
import { createUploadSlots } from './upload-slots.ts'

it('holds so many places and no more, and refuses at once past them', async () => {
  const slots = createUploadSlots(2)
  const ends: Array<() => void> = []
  const held = [1, 2].map(each => slots.hold(() => new Promise<number>(resolve => ends.push(() => resolve(each)))))
  const refused = { code: 'overloaded', kind: 'overloaded', details: { limit: 2, retry_after_seconds: 1 } }
  const work = () => Promise.reject(new Error('it ran'))
  await expect(slots.hold(work)).rejects.toMatchObject(refused)
  ends[0]?.()
  expect(await held[0]).toBe(1)
  const third = slots.hold(async () => 3)
  expect(await third).toBe(3)
  ends[1]?.()
  expect(await held[1]).toBe(2)
})

it('frees a place when the work fails', async () => {
  const slots = createUploadSlots(1)
  for (let run = 0; run < 3; run++)
    await expect(slots.hold(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await slots.hold(async () => 'free')).toBe('free')
})
