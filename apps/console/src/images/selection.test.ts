import { expect, test } from 'vitest'
import { nothingSelected, type SelectionAction, select } from './selection.ts'

const order = [...'abcdef']
const run = (...actions: SelectionAction[]) => [...actions.reduce(select, nothingSelected).ids].sort().join('')

test('toggling sets the place where a range begins', () => {
  expect(run({ do: 'toggle', id: 'b' }, { do: 'extend', id: 'd', order })).toBe('bcd')
  expect(run({ do: 'toggle', id: 'd' }, { do: 'extend', id: 'b', order })).toBe('bcd')
  expect(run({ do: 'toggle', id: 'b' }, { do: 'toggle', id: 'b' })).toBe('')
})

test('a range without a beginning is one image', () => {
  expect(run({ do: 'extend', id: 'd', order })).toBe('d')
})

test('all, some gone, none', () => {
  expect(run({ do: 'all', order }, { do: 'drop', ids: ['a', 'f'] })).toBe('bcde')
  expect(run({ do: 'all', order }, { do: 'clear' })).toBe('')
})
