import { expect, test } from 'vitest'
import { withoutNotes, wordsOf } from './steps.ts'

const arrived = { status: 'uploaded' as const, at: '2026-11-20T12:00:00.000Z', detail: null }

test('a step is told in the words of the explanation', () => {
  const steps = [{ at: arrived.at, what: 'Its bytes were stored.', detail: 'Nobody told of the bytes.' }]
  expect(wordsOf(arrived, 0, steps)).toEqual({
    what: 'Its bytes were stored',
    detail: 'Nobody told of the bytes.',
  })
})

test('without an explanation, or with one of other steps, the status speaks', () => {
  expect(wordsOf(arrived, 0, []).what).toBe('Original arrived')
  const other = [{ at: '2026-11-20T11:00:00.000Z', what: 'It failed.', detail: null }]
  expect(wordsOf(arrived, 0, other).what).toBe('Original arrived')
})

test('notes are not said twice', () => {
  expect(withoutNotes('It is ready. Only the first frame is shown. Rest.', ['Only the first frame is shown.'])).toBe(
    'It is ready. Rest.',
  )
  expect(withoutNotes('It is ready.', [])).toBe('It is ready.')
})
