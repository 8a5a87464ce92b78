import type { Clock } from '../clock.ts'
import type { Backlog, BacklogStore } from './backlog.ts'
import type { Meters } from './meters.ts'

/** However many ask, and however often, what waits is looked up once in this time. */
export const BACKLOG_CACHE_MS = 10_000

/** Tells what waits on the database, whoever runs it; looked up when somebody asks. */
export function watchBacklog(store: BacklogStore, clock: Clock, meters: Meters): void {
  let known: { at: number; backlog: Promise<Backlog> } | null = null
  const look = (): Promise<Backlog> => {
    const now = clock.now()
    if (known && now.getTime() - known.at < BACKLOG_CACHE_MS) return known.backlog
    known = { at: now.getTime(), backlog: store.find(now) }
    return known.backlog
  }
  const age = (since: Date | null) => (since === null ? 0 : Math.max(0, clock.now().getTime() - since.getTime()) / 1000)
  const one = (value: number) => [{ labels: {}, value }]
  meters.report('calotype_jobs', async () =>
    (await look()).jobs.flatMap(({ job, waiting, running, givenUp }) => [
      { labels: { job, state: 'waiting' as const }, value: waiting },
      { labels: { job, state: 'running' as const }, value: running },
      { labels: { job, state: 'given_up' as const }, value: givenUp },
    ]),
  )
  meters.report('calotype_jobs_oldest_seconds', async () =>
    (await look()).jobs.map(({ job, oldestDue }) => ({ labels: { job }, value: age(oldestDue) })),
  )
  meters.report('calotype_pipeline_waiting', async () => one((await look()).messages.waiting))
  meters.report('calotype_pipeline_oldest_seconds', async () => one(age((await look()).messages.oldest)))
  meters.report('calotype_webhooks_waiting', async () => one((await look()).deliveries.waiting))
  meters.report('calotype_webhooks_oldest_seconds', async () => one(age((await look()).deliveries.oldest)))
}
