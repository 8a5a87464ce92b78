import type { ApiKeyUse } from '@calotype/core'
import { createTestClock, testActor } from '@calotype/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createKeyUses, MAX_PENDING_USES } from './key-uses.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function scene(noteApiKeyUses?: () => Promise<void>) {
  const clock = createTestClock()
  const written: Array<readonly ApiKeyUse[]> = []
  const errors: unknown[] = []
  const note = async (uses: readonly ApiKeyUse[]) => void written.push(uses)
  const uses = createKeyUses({
    clock,
    credentials: { noteApiKeyUses: noteApiKeyUses ?? note },
    onError: error => void errors.push(error),
  })
  return { clock, written, errors, uses }
}

it('writes the last use of each key behind the requests, once for many', async () => {
  const { clock, written, uses } = scene()
  const [key, service] = [testActor(), testActor({ kind: 'service' })]
  uses.note(key)
  uses.note(testActor({ kind: 'user' }))
  clock.advance(10)
  uses.note(key)
  uses.note(service)
  expect(written).toEqual([])
  await vi.advanceTimersByTimeAsync(10_000)
  const at = clock.now()
  const use = ({ id, organizationId }: typeof key) => ({ id, organizationId, at })
  expect(written).toEqual([[use(key), use(service)]])
  await uses.close()
})

it('writes what is pending when it is closed, and early when there is much', async () => {
  const { written, uses } = scene()
  for (let index = 0; index < MAX_PENDING_USES; index++) uses.note(testActor())
  await vi.advanceTimersByTimeAsync(0)
  expect(written.map(each => each.length)).toEqual([MAX_PENDING_USES])
  uses.note(testActor())
  await uses.close()
  expect(written.map(each => each.length)).toEqual([MAX_PENDING_USES, 1])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(written).toHaveLength(2)
})

it('tells of a failure and goes on', async () => {
  const { errors, uses } = scene(() => Promise.reject(new Error('away')))
  uses.note(testActor())
  await vi.advanceTimersByTimeAsync(10_000)
  await uses.close()
  expect(errors).toEqual([new Error('away')])
})
