import type { ReprocessRun } from '@calotype/sdk'
import { counted, formatCount } from '../words/numbers.ts'

type Counts = Pick<ReprocessRun, 'state' | 'total' | 'done' | 'failed' | 'skipped'>

/** How many it is through with, however that ended. */
export const throughOf = ({ done, failed, skipped }: Counts): number => done + failed + skipped

/** 0–100; a run of nothing is through. */
export const percentOf = (run: Counts): number =>
  run.total === 0 ? 100 : Math.min(100, Math.floor((throughOf(run) / run.total) * 100))

const stateWord: Record<ReprocessRun['state'], string> = {
  running: 'Remaking',
  paused: 'Paused',
  completed: 'Remade',
  cancelled: 'Cancelled',
}

/** How far it came, in one line. */
export function progressOf(run: Counts): string {
  const parts = [
    run.state === 'completed'
      ? `${stateWord.completed} ${counted(run.done, 'image')}`
      : `${stateWord[run.state]}: ${formatCount(throughOf(run))} of ${counted(run.total, 'image')}`,
    run.failed === 0 ? '' : `${formatCount(run.failed)} failed`,
    run.skipped === 0 ? '' : `${formatCount(run.skipped)} left out`,
  ]
  return parts.filter(part => part !== '').join(' · ')
}

export const isOver = ({ state }: Pick<ReprocessRun, 'state'>): boolean =>
  state === 'completed' || state === 'cancelled'
