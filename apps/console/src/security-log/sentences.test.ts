import type { SecurityEntry } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { isRefusal, sentenceOf } from './sentences.ts'

const ADA = '01K9Z5J8Q3T7W2X4Y6A8B0C2D4'
const KEY = '01K9Z5J8Q3T7W2X4Y6A8B0C2D5'
const ROOFS = '01K9Z5J8Q3T7W2X4Y6A8B0C2D6'
const names = {
  people: new Map([[ADA, 'Ada']]),
  keys: new Map([[KEY, 'Website']]),
  projects: new Map([[ROOFS, 'Roofs']]),
}
const entry = (rest: Partial<SecurityEntry>): SecurityEntry => ({
  id: 'E',
  at: '2026-11-20T12:00:00.000Z',
  event: 'sign_in.succeeded',
  actor: { kind: 'user', id: ADA },
  ip: null,
  project_id: null,
  code: null,
  detail: '',
  request_id: null,
  count: 1,
  ...rest,
})
const say = (rest: Partial<SecurityEntry>) => sentenceOf(entry(rest), names)

test('people and keys are called by their names', () => {
  expect(say({})).toBe('Ada signed in')
  expect(say({ event: 'upload.refused', actor: { kind: 'api_key', id: KEY }, project_id: ROOFS })).toBe(
    'An upload by the key “Website” to Roofs was refused',
  )
  expect(say({ event: 'project.changed', project_id: ROOFS })).toBe('Ada changed the settings of Roofs')
  expect(say({ event: 'webhook.rotated', project_id: ROOFS })).toBe('Ada gave a webhook a new secret in Roofs')
})

test('who is not known is said so', () => {
  expect(say({ event: 'sign_in.refused', actor: null })).toBe('Somebody not signed in tried to sign in and was refused')
  expect(say({ actor: { kind: 'user', id: KEY } })).toBe('Somebody who is no member signed in')
  expect(say({ event: 'upload.refused', actor: { kind: 'service', id: ADA } })).toBe(
    'An upload by a service key that is gone was refused',
  )
})

test('refusals stand out', () => {
  expect([isRefusal('access.refused'), isRefusal('rate.limited'), isRefusal('key.created')]).toEqual([
    true,
    true,
    false,
  ])
})
