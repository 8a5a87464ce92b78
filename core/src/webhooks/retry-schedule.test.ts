import { expect, it } from 'vitest'
import { DELIVERY_JITTER, DELIVERY_PATIENCE_MS, DELIVERY_PAUSES_MS, nextDeliveryAttempt } from './retry-schedule.ts'

const since = new Date('2026-03-01T12:00:00.000Z')
const at = (ms: number) => new Date(since.getTime() + ms)

it('pauses longer and longer, then evenly', () => {
  const pauses = DELIVERY_PAUSES_MS.map(
    (_, index) => Number(nextDeliveryAttempt({ tries: index + 1, since }, since, () => 0.5)) - Number(since),
  )
  expect(pauses).toEqual(DELIVERY_PAUSES_MS)
  expect([...pauses].sort((a, b) => a - b)).toEqual(pauses)
  const last = DELIVERY_PAUSES_MS.at(-1) ?? 0
  expect(nextDeliveryAttempt({ tries: 99, since }, since, () => 0.5)).toEqual(at(last))
})

it('spreads what failed together', () => {
  const pause = DELIVERY_PAUSES_MS[0] ?? 0
  expect(nextDeliveryAttempt({ tries: 1, since }, since, () => 0)).toEqual(at(pause * (1 - DELIVERY_JITTER)))
  expect(nextDeliveryAttempt({ tries: 1, since }, since, () => 1)).toEqual(at(pause * (1 + DELIVERY_JITTER)))
})

it('tries once more at the very end, and never after it', () => {
  expect(nextDeliveryAttempt({ tries: 50, since }, at(DELIVERY_PATIENCE_MS - 1_000))).toEqual(at(DELIVERY_PATIENCE_MS))
  expect(nextDeliveryAttempt({ tries: 50, since }, at(DELIVERY_PATIENCE_MS))).toBeNull()
})
