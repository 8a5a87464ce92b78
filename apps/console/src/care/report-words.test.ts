import { expect, test } from 'vitest'
import { foundIn, percentOf, planOf } from './report-words.ts'

const none = { found: 0, repaired: 0 }
const counts = { unreferenced: none, missing_original: none, missing_variant: none, wrong_size: none }
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const progress = (rows: number, expected_rows: number | null) => ({ objects: 0, rows, expected_rows, position: null })

test('a repair says what it will do, and nothing of what it will not', () => {
  const found = { ...counts, unreferenced: { found: 1, repaired: 0 }, missing_variant: { found: 1200, repaired: 0 } }
  expect(foundIn(found)).toBe(1201)
  expect(planOf(found).map(plain)).toEqual([
    'Remove 1 object that nothing refers to, for good.',
    'Make 1,200 missing variants again where the original is kept.',
  ])
  expect(planOf(counts)).toEqual([])
})

test('progress is told by the records, and is whole only at the end', () => {
  expect(percentOf({ status: 'running', progress: progress(50, 200) })).toBe(25)
  expect(percentOf({ status: 'running', progress: progress(300, 200) })).toBe(99)
  expect(percentOf({ status: 'queued', progress: progress(0, null) })).toBeNull()
  expect(percentOf({ status: 'done', progress: progress(0, 0) })).toBe(100)
})
