import { expect, test } from 'vitest'
import { expiryOf, keyState, reachOf } from './key-words.ts'

const now = Date.parse('2026-11-21T12:00:00.000Z')

test('a key is live, expired or revoked', () => {
  expect(keyState({ revoked_at: null, expires_at: null }, now)).toBe('live')
  expect(keyState({ revoked_at: null, expires_at: '2026-11-21T12:00:00.001Z' }, now)).toBe('live')
  expect(keyState({ revoked_at: null, expires_at: '2026-11-21T12:00:00.000Z' }, now)).toBe('expired')
  expect(keyState({ revoked_at: '2026-11-20T12:00:00.000Z', expires_at: null }, now)).toBe('revoked')
})

test('what it may do and where is one line', () => {
  const names = new Map([['A', 'Roofs']])
  expect(reachOf({ kind: 'api_key', role: 'member', scopes: null, project_ids: null }, names)).toBe(
    'As member · every project',
  )
  expect(
    reachOf({ kind: 'service', role: null, scopes: ['analysis.write', 'image.read'], project_ids: ['A', 'X'] }, names),
  ).toBe('Service, only: report analysis, see images and sign links · Roofs, a deleted project')
})

test('how long it lives', () => {
  expect(expiryOf('month', now)).toBe('2026-12-21T12:00:00.000Z')
  expect(expiryOf('never', now)).toBeUndefined()
})
