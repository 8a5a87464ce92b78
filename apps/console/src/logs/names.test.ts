import { expect, test } from 'vitest'
import { plainDetail, whoOf } from './names.ts'

const ADA = '01K9Z5J8Q3T7W2X4Y6A8B0C2D4'
const KEY = '01K9Z5J8Q3T7W2X4Y6A8B0C2D5'
const ROOFS = '01K9Z5J8Q3T7W2X4Y6A8B0C2D6'
const names = {
  people: new Map([[ADA, 'Ada']]),
  keys: new Map([[KEY, 'Website']]),
  projects: new Map([[ROOFS, 'Roofs']]),
}

test('ids in the words of the server become names, or short', () => {
  expect(plainDetail(`Member ${ADA} left ${ROOFS}; key ${KEY}; ${ADA.slice(0, 25)}9 too.`, names)).toBe(
    'Member Ada left Roofs; key “Website”; …B0C2D9 too.',
  )
})

test('what the server does by itself is not blamed on a key', () => {
  expect(whoOf({ kind: 'service', id: 'calotype' }, names)).toBe('Calotype')
  expect(whoOf({ kind: 'service', id: ADA }, names)).toBe('A service key that is gone')
})
