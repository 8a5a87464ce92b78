import { expect, it } from 'vitest'
import { createJobQueue, type Queued } from './job-queue.ts'

const MEBIBYTE = 1024 ** 2
const job = (arrivedAt: number, sourceBytes: number, large = false): Queued => ({ arrivedAt, sourceBytes, large })

const orderOf = (jobs: readonly Queued[], largeRunning = false): (number | undefined)[] => {
  const queue = createJobQueue<Queued>()
  for (const one of jobs) queue.push(one)
  return jobs.map(() => queue.take(largeRunning)).map(taken => (taken ? jobs.indexOf(taken) : undefined))
}

it('lets small files overtake big ones, and among equals whoever came first', () => {
  expect(orderOf([job(0, 40 * MEBIBYTE), job(100, 1_000), job(200, 1_000), job(300, MEBIBYTE)])).toEqual([1, 2, 3, 0])
  expect(orderOf([job(0, 1_000, true), job(100, 40 * MEBIBYTE)])).toEqual([1, 0])
})

it('lets nobody wait for ever', () => {
  const small = Array.from({ length: 20 }, (_, index) => job(500 * index, 1_000))
  const order = orderOf([job(0, 50 * MEBIBYTE), job(0, 50 * MEBIBYTE, true), ...small])
  expect(order.indexOf(0)).toBeLessThan(6)
  expect(order.indexOf(1)).toBeLessThan(12)
})

it('keeps large jobs aside while one runs', () => {
  expect(orderOf([job(0, 1_000, true), job(9_000, 1_000)], true)).toEqual([1, undefined])
})
