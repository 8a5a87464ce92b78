import type { BacklogStore, JobBacklog } from '../../telemetry/index.ts'
import type { MemoryJob, StateAccess } from './state.ts'

const earliest = (times: readonly Date[]): Date | null =>
  times.reduce<Date | null>((first, time) => (first === null || time < first ? time : first), null)

export const memoryBacklogStore = (state: StateAccess): BacklogStore => ({
  find: async now => {
    const { jobs, pipelineMessages, webhookDeliveries } = state()
    const messages = [...pipelineMessages.values()].filter(({ status }) => status === 'waiting')
    const deliveries = [...webhookDeliveries.values()].filter(({ status }) => status === 'pending')
    return {
      jobs: [...Map.groupBy(jobs, ({ name }) => name)].map(([job, those]) => backlogOf(job, those, now)),
      messages: { waiting: messages.length, oldest: earliest(messages.map(({ createdAt }) => createdAt)) },
      deliveries: { waiting: deliveries.length, oldest: earliest(deliveries.map(({ at }) => at)) },
    }
  },
})

function backlogOf(job: JobBacklog['job'], jobs: readonly MemoryJob[], now: Date): JobBacklog {
  const waiting = jobs.filter(({ running, attempt, maxAttempts }) => !running && attempt < maxAttempts)
  const running = jobs.filter(each => each.running).length
  const due = waiting.map(({ runAt }) => runAt).filter(runAt => runAt <= now)
  const givenUp = jobs.length - waiting.length - running
  return { job, waiting: waiting.length, running, givenUp, oldestDue: earliest(due) }
}
