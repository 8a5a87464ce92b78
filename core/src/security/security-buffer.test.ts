import { expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { createTestClock } from '../testing/index.ts'
import {
  type CountedNote,
  createSecurityBuffer,
  MAX_BUFFERED_ENTRIES,
  MAX_ENTRIES_PER_MINUTE,
  REPEAT_WINDOW_MS,
  REST_DETAIL,
} from './security-buffer.ts'
import type { SecurityNote } from './security-entry.ts'

const ORGANIZATION = newId()
const noteOf = (change: Partial<SecurityNote> = {}): SecurityNote => ({
  event: 'access.refused',
  actor: { kind: 'api_key', id: 'key-1' },
  organizationId: ORGANIZATION,
  projectId: null,
  ip: '192.0.2.1',
  code: 'forbidden',
  detail: 'GET /x: no',
  requestId: 'r',
  ...change,
})

function scene() {
  const clock = createTestClock()
  const told: CountedNote[] = []
  const buffer = createSecurityBuffer({ clock, tell: note => void told.push({ ...note }) })
  const record = (times: number, change: Partial<SecurityNote> = {}) => {
    for (let index = 0; index < times; index++) buffer.record(noteOf(change))
  }
  return { clock, told, buffer, record }
}

it('merges repeats within a minute, whatever their words and request ids', () => {
  const { buffer, record, told, clock } = scene()
  record(3)
  record(2, { detail: 'GET /y: no', requestId: 'other' })
  expect(buffer.take().entries).toMatchObject([{ count: 5, detail: 'GET /x: no', requestId: 'r' }])
  expect(buffer.take().entries).toEqual([])
  clock.advance(REPEAT_WINDOW_MS - 1)
  record(1)
  expect(buffer.take().entries).toMatchObject([{ count: 6 }])
  clock.advance(1)
  record(1)
  const { entries, ended } = buffer.take()
  expect(entries).toMatchObject([{ count: 1 }])
  expect(ended).toMatchObject([{ count: 6 }])
  expect(told).toHaveLength(2)
})

it.each([
  { event: 'upload.refused' as const },
  { actor: null },
  { actor: { kind: 'user' as const, id: 'key-1' } },
  { ip: '192.0.2.2' },
  { code: 'other' },
  { projectId: newId() },
  { organizationId: newId() },
])('keeps apart what differs in %o', change => {
  const { buffer, record } = scene()
  record(2)
  record(1, change)
  expect(buffer.take().entries.map(entry => entry.count)).toEqual([2, 1])
})

it('tells of refusals that belong to nobody, and hands them to no store', () => {
  const { buffer, record, told } = scene()
  record(4, { organizationId: null })
  expect(buffer.take().entries).toEqual([])
  expect(told).toMatchObject([{ organizationId: null }])
})

it('only counts what one organisation has over the limit of a minute', () => {
  const { buffer, record, clock } = scene()
  for (let index = 0; index < MAX_ENTRIES_PER_MINUTE + 7; index++) record(1, { ip: `192.0.2.${index}` })
  record(1, { ip: 'x', event: 'upload.refused' })
  record(1, { organizationId: newId() })
  const { entries } = buffer.take()
  expect(entries).toHaveLength(MAX_ENTRIES_PER_MINUTE + 3)
  const rest = entries.filter(entry => entry.detail === REST_DETAIL)
  expect(rest).toMatchObject([
    { event: 'access.refused', count: 7, actor: null, ip: null },
    { event: 'upload.refused', count: 1 },
  ])
  clock.advance(60_000)
  record(1, { ip: 'y' })
  expect(buffer.take().entries).toMatchObject([{ ip: 'y' }])
})

it('has bounded memory, and says how much it lost', () => {
  const { buffer, record, told } = scene()
  for (let index = 0; index < MAX_BUFFERED_ENTRIES + 5; index++) record(1, { organizationId: null, ip: String(index) })
  expect(told).toHaveLength(MAX_BUFFERED_ENTRIES)
  expect(buffer.take().lost).toBe(5)
  expect(buffer.take().lost).toBe(0)
})

it('gives again what could not be written, with the count of then', () => {
  const { buffer, record, clock } = scene()
  record(2)
  const first = buffer.take()
  record(1)
  first.failed()
  clock.advance(REPEAT_WINDOW_MS)
  const second = buffer.take()
  expect(second.entries).toMatchObject([{ count: 3, id: first.entries[0]?.id }])
  second.failed()
  expect(buffer.take().entries).toMatchObject([{ count: 3 }])
  expect(buffer.take().entries).toEqual([])
})
