import type { AuditEntry } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { imageOf, sentenceOf } from './sentences.ts'

const names = {
  people: new Map([['A', 'Ada']]),
  keys: new Map([['K', 'Website']]),
  projects: new Map([['P', 'Roofs']]),
}
const entry = (rest: Partial<AuditEntry>): AuditEntry => ({
  id: 'E',
  at: '2026-11-20T12:00:00.000Z',
  action: 'image.deleted',
  actor: { kind: 'user', id: 'A' },
  project_id: 'P',
  subject: 'I',
  detail: '',
  ip: null,
  request_id: null,
  seal: null,
  ...rest,
})
const say = (rest: Partial<AuditEntry>) => sentenceOf(entry(rest), names)

test('who did what is one sentence', () => {
  expect(say({})).toBe('Ada deleted an image of Roofs')
  expect(say({ action: 'original.downloaded', actor: { kind: 'api_key', id: 'K' }, project_id: null })).toBe(
    'The key “Website” downloaded an original',
  )
  expect(say({ action: 'project.created' })).toBe('Ada made a project, Roofs')
  expect(say({ action: 'original.viewed' })).toBe('Ada looked at an original of Roofs')
  expect(say({ action: 'image.replaced' })).toBe('Ada replaced a picture of Roofs')
  expect(say({ action: 'image.purged', actor: { kind: 'service', id: 'calotype' } })).toBe(
    'Calotype removed a deleted image of Roofs for good',
  )
  expect(say({ action: 'share.created' })).toBe('Ada made a share link in Roofs')
  expect(say({ action: 'webhook.deleted', project_id: null })).toBe('Ada deleted a webhook')
  expect(say({ action: 'storage.repaired', project_id: 'gone' })).toBe('Ada repaired the storage')
})

test('only what was done to an image leads to one', () => {
  expect(imageOf({ action: 'image.restored', subject: 'I' })).toBe('I')
  expect(imageOf({ action: 'image.purged', subject: 'I' })).toBeNull()
  expect(imageOf({ action: 'key.revoked', subject: 'K' })).toBeNull()
})
