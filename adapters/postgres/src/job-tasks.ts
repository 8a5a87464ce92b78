import { type AroundJob, isJobName, JOBS, type JobHandlers, type JobName, type JobRun } from '@calotype/core'
import type { Task, TaskList } from 'graphile-worker'

type Work = (payload: unknown, run: JobRun) => Promise<void>

/** The handlers as graphile-worker calls them; payloads are parsed again, because another version may have written them. */
export function createJobTasks(
  handlers: Partial<JobHandlers>,
  during: (work: () => Promise<void>) => Promise<void>,
  around: AroundJob = (_job, work) => work(),
): TaskList {
  const task =
    (name: JobName, work: Work): Task<string> =>
    async (written: unknown, { job }) => {
      const given = typeof written === 'object' ? written : {}
      const times = { firstQueuedAt: job.created_at, dueAt: job.run_at }
      const run = { attempt: job.attempts, maxAttempts: job.max_attempts, trace: traceOf(given), ...times }
      // Jobs of the schedule come without a request: they are logged under their own id.
      const payload = { requestId: `job-${job.id}`, ...given }
      await during(() => around({ name, payload, run }, () => work(payload, run)))
    }
  const works: Record<JobName, Work | undefined> = {
    'image.process': bind(JOBS['image.process'].payload, handlers['image.process']),
    'image.received': bind(JOBS['image.received'].payload, handlers['image.received']),
    'image.import': bind(JOBS['image.import'].payload, handlers['image.import']),
    'image.remake': bind(JOBS['image.remake'].payload, handlers['image.remake']),
    'remake.advance': bind(JOBS['remake.advance'].payload, handlers['remake.advance']),
    'remake.retire': bind(JOBS['remake.retire'].payload, handlers['remake.retire']),
    'image.purge': bind(JOBS['image.purge'].payload, handlers['image.purge']),
    'tombstones.purge': bind(JOBS['tombstones.purge'].payload, handlers['tombstones.purge']),
    'tombstones.withdraw': bind(JOBS['tombstones.withdraw'].payload, handlers['tombstones.withdraw']),
    'pipeline.relay': bind(JOBS['pipeline.relay'].payload, handlers['pipeline.relay']),
    'mail.send': bind(JOBS['mail.send'].payload, handlers['mail.send']),
    'project.remove': bind(JOBS['project.remove'].payload, handlers['project.remove']),
    'organization.remove': bind(JOBS['organization.remove'].payload, handlers['organization.remove']),
    'image.mend': bind(JOBS['image.mend'].payload, handlers['image.mend']),
    'care.reconcile': bind(JOBS['care.reconcile'].payload, handlers['care.reconcile']),
    'audit.seal': bind(JOBS['audit.seal'].payload, handlers['audit.seal']),
    'audit.heads': bind(JOBS['audit.heads'].payload, handlers['audit.heads']),
    'slot.settle': bind(JOBS['slot.settle'].payload, handlers['slot.settle']),
    'care.sweep': bind(JOBS['care.sweep'].payload, handlers['care.sweep']),
  }
  return Object.fromEntries(
    Object.entries(works).flatMap(([name, work]) => (work && isJobName(name) ? [[name, task(name, work)]] : [])),
  )
}

/** What the queue wrote beside the payload; of the schedule's jobs there is none. */
const traceOf = (given: object | null): string | null =>
  given && 'trace' in given && typeof given.trace === 'string' ? given.trace : null

const bind = <Payload>(
  schema: { parse(payload: unknown): Payload },
  handler: ((payload: Payload, run: JobRun) => Promise<void>) | undefined,
): Work | undefined => handler && ((payload, run) => handler(schema.parse(payload), run))
