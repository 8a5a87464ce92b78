import { expect, test } from 'vitest'
import { mayDelete } from './rights.ts'

test('members delete their own, admins all, viewers nothing', () => {
  expect(mayDelete({ id: 'A', actions: ['image.delete_own'] }, 'A')).toBe(true)
  expect(mayDelete({ id: 'A', actions: ['image.delete_own'] }, 'B')).toBe(false)
  expect(mayDelete({ id: 'A', actions: ['image.delete_own', 'image.delete'] }, 'B')).toBe(true)
  expect(mayDelete({ id: 'A', actions: ['image.read'] }, 'A')).toBe(false)
})
