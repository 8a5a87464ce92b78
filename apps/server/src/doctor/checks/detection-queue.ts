import { type Check, ok, skipped } from '../check.ts'

export const detectionQueue: Check = {
  name: 'detection queue',
  advice:
    'Look at SQS_PIPELINE_QUEUE_URL and the right to send. Messages wait meanwhile; the runbook is "A queue is stuck".',
  run: async ({ pipeline }) => {
    if ('missing' in pipeline) return skipped(pipeline.missing)
    await pipeline.part.check()
    return ok('it answers; nothing was sent')
  },
}
