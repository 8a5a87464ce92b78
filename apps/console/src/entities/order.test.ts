import { expect, test } from 'vitest'
import { movedTo } from './order.ts'

const abc = ['a', 'b', 'c']

test('one moves, the others keep their order', () => {
  expect(movedTo(abc, 'a', 2)).toEqual(['b', 'c', 'a'])
  expect(movedTo(abc, 'c', 0)).toEqual(['c', 'a', 'b'])
  expect(movedTo(abc, 'b', 2)).toEqual(['a', 'c', 'b'])
})

test('beyond the ends is the end, and what does not move is the same list', () => {
  expect(movedTo(abc, 'a', 9)).toEqual(['b', 'c', 'a'])
  expect(movedTo(abc, 'a', -1)).toBe(abc)
  expect(movedTo(abc, 'x', 1)).toBe(abc)
})
