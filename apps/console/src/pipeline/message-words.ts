import type { PipelineMessage } from '@calotype/sdk'
import { counted } from '../words/numbers.ts'

/** What became of a message to the pipeline, in one line. */
export function stateOf({
  status,
  attempts,
  last_error: error,
}: Pick<PipelineMessage, 'status' | 'attempts' | 'last_error'>): string {
  const tries = counted(attempts, 'try', 'tries')
  if (status === 'delivered') return 'Delivered'
  if (status === 'failed') return `Given up after ${tries}${error === null ? '' : `: ${error}`}`
  if (attempts === 0) return 'Waits for the pipeline'
  return `Not delivered after ${tries}${error === null ? '' : `: ${error}`}`
}

const priorityWord = { low: 'low priority', normal: '', high: 'high priority' } as const

/** What is asked of the pipeline. */
export const askedOf = ({ message: { detection_types: types, priority } }: Pick<PipelineMessage, 'message'>): string =>
  [types.length === 0 ? 'no detection named' : types.join(', '), priorityWord[priority]]
    .filter(part => part !== '')
    .join(' · ')
