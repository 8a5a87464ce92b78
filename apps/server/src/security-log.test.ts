import { newId, type SecurityEntry, type SecurityNote } from '@calotype/core'
import { createTestClock } from '@calotype/core/testing'
import { expect, it, vi } from 'vitest'
import { createSecurityLog } from './security-log.ts'

const noteOf = (change: Partial<SecurityNote> = {}): SecurityNote => ({
  ...{ event: 'access.refused', actor: null, organizationId: newId(), projectId: null, ip: '192.0.2.1' },
  ...{ code: 'forbidden', detail: 'no', requestId: 'r', ...change },
})

function scene() {
  const written: SecurityEntry[] = []
  const lines: object[] = []
  const state = { away: false }
  const clock = createTestClock()
  const log = createSecurityLog({
    store: {
      save: async entries => {
        if (state.away) throw new Error('away')
        written.push(...structuredClone(entries))
      },
      findConcerned: async () => null,
      list: async () => [],
      prune: async () => 0,
    },
    clock,
    log: { info: (line: object) => void lines.push(line), warn: (line: object) => void lines.push(line) },
  })
  return { written, lines, state, clock, log }
}

it('tells the program’s log at once and writes the entry within a second', async () => {
  vi.useFakeTimers()
  try {
    const { log, written, lines } = scene()
    const note = noteOf()
    log.record(note)
    log.record(note)
    expect(lines).toMatchObject([{ component: 'security', event: 'access.refused', code: 'forbidden', count: 1 }])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(written).toMatchObject([{ ...note, count: 2 }])
    await log.close()
    expect(written).toHaveLength(1)
  } finally {
    vi.useRealTimers()
  }
})

it('writes what is pending when it closes', async () => {
  const { log, written } = scene()
  log.record(noteOf())
  log.record(noteOf({ organizationId: null }))
  await log.close()
  expect(written).toHaveLength(1)
})

it('keeps what could not be written, never throws, and writes it when the database is back', async () => {
  const { log, written, lines, state } = scene()
  const note = noteOf()
  state.away = true
  log.record(note)
  await log.flush()
  log.record(note)
  await log.flush()
  expect(written).toEqual([])
  expect(lines).toContainEqual(expect.objectContaining({ err: expect.objectContaining({ message: 'away' }) }))
  state.away = false
  await log.close()
  expect(written).toMatchObject([{ count: 2 }])
})

it('tells how often something was refused once its minute is over', async () => {
  const { log, lines, clock } = scene()
  const note = noteOf()
  for (let times = 0; times < 40; times++) log.record(note)
  await log.flush()
  clock.advance(60_000)
  await log.flush()
  expect(lines).toMatchObject([{ count: 1 }, { count: 40 }])
  await log.close()
})
