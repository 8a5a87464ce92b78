import { type Check, failed, ok, skipped } from '../check.ts'

export const deadLetters: Check = {
  name: 'dead letters',
  advice: 'Look at what failed: the runbook is "Dead letters". The images themselves are found by the sweep.',
  run: async ({ events }) => {
    if ('missing' in events) return skipped(events.missing)
    const { messages, deadLetters } = await events.part.queue.state()
    if (deadLetters === null)
      return failed(
        `${messages} waiting; no queue of dead letters is known`,
        'Give the queue a redrive policy, or set SQS_EVENTS_DLQ_URL; and let doctor read the attributes of both.',
      )
    if (deadLetters > 0) return failed(`${deadLetters} events failed too often, ${messages} waiting`)
    return ok(`none; ${messages} waiting`)
  },
}
