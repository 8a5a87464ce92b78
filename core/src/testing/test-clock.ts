import type { Clock } from '../clock.ts'

/** A clock that stands still until it is told otherwise. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void
  set(at: Date): void
}

export function createTestClock(at = new Date('2026-03-01T12:00:00.000Z')): TestClock {
  let now = at.getTime()
  return {
    now: () => new Date(now),
    advance: milliseconds => {
      now += milliseconds
    },
    set: moment => {
      now = moment.getTime()
    },
  }
}
