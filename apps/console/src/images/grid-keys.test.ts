import { expect, test } from 'vitest'
import { moveInGrid } from './grid-keys.ts'

// 0 1 2 3
// 4 5 6 7
// 8 9
const grid = { count: 10, columns: 4, pageRows: 2 }
const go = (from: number, key: string, control = false) => moveInGrid(from, key, grid, control)

test('arrows move by one tile and by one row, and stop at the edges', () => {
  expect([go(0, 'ArrowLeft'), go(3, 'ArrowRight'), go(9, 'ArrowRight')]).toEqual([0, 4, 9])
  expect([go(1, 'ArrowDown'), go(5, 'ArrowUp'), go(1, 'ArrowUp')]).toEqual([5, 1, 1])
  expect([go(7, 'ArrowDown'), go(9, 'ArrowDown')]).toEqual([9, 9])
})

test('Home, End and pages', () => {
  expect([go(6, 'Home'), go(5, 'End'), go(8, 'End')]).toEqual([4, 7, 9])
  expect([go(6, 'Home', true), go(1, 'End', true)]).toEqual([0, 9])
  expect([go(1, 'PageDown'), go(9, 'PageUp'), go(2, 'PageUp')]).toEqual([9, 1, 2])
})

test('other keys and an empty grid do not move', () => {
  expect(go(0, 'a')).toBeNull()
  expect(moveInGrid(0, 'ArrowDown', { ...grid, count: 0 })).toBeNull()
})
