import { expect, test } from 'vitest'
import { moveInMenu } from './menu-keys.ts'

const names = ['Fields', 'Roofs', 'Rivers', 'New project']
const from = (at: number, key: string) => moveInMenu(at, key, names)

test('arrows go round, Home and End to the ends', () => {
  expect([from(0, 'ArrowDown'), from(3, 'ArrowDown'), from(0, 'ArrowUp'), from(-1, 'ArrowUp')]).toEqual([1, 0, 3, 3])
  expect([from(2, 'Home'), from(0, 'End')]).toEqual([0, 3])
})

test('a letter goes to the next name that begins with it', () => {
  expect([from(0, 'r'), from(1, 'r'), from(2, 'R'), from(1, 'n')]).toEqual([1, 2, 1, 3])
})

test('other keys stay where they are', () => {
  expect([from(0, 'x'), from(0, ' '), from(0, 'Enter'), moveInMenu(0, 'ArrowDown', [])]).toEqual([
    null,
    null,
    null,
    null,
  ])
})
