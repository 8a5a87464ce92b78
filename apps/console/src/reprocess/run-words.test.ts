import { expect, test } from 'vitest'
import { isOver, percentOf, progressOf } from './run-words.ts'

const run = { state: 'running' as const, total: 1200, done: 300, failed: 2, skipped: 1 }
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('a run says how far it came', () => {
  expect(plain(progressOf(run))).toBe('Remaking: 303 of 1,200 images · 2 failed · 1 left out')
  expect(plain(progressOf({ ...run, state: 'completed', done: 1197, failed: 0, skipped: 0 }))).toBe(
    'Remade 1,197 images',
  )
  expect(plain(progressOf({ ...run, state: 'paused', failed: 0, skipped: 0 }))).toBe('Paused: 300 of 1,200 images')
})

test('the bar is never ahead of the work', () => {
  expect(percentOf(run)).toBe(25)
  expect(percentOf({ ...run, done: 1196, failed: 0, skipped: 0 })).toBe(99)
  expect(percentOf({ ...run, total: 0 })).toBe(100)
  expect([isOver({ state: 'paused' }), isOver({ state: 'cancelled' })]).toEqual([false, true])
})
