import { EventEmitter } from 'node:events'
import type { WorkerEvents, WorkerPool } from 'graphile-worker'
import type pg from 'pg'
import { HEARTBEAT_MS, HEARTBEAT_SILENCE_MS } from './limits.ts'
import type { Log } from './log.ts'
import { beat, unlock, unlockSilent } from './worker-heartbeat.ts'

/** What one process knows about its own runner: under which ids it holds jobs, and that it lives. */
export interface RunnerLife {
  /** For graphile-worker: it tells here which worker pools it makes; their ids are what jobs are locked by. */
  readonly events: WorkerEvents
  /** Shows at once that this process lives, as it does regularly by itself. */
  beat(): Promise<void>
  /** Counts a job while it runs. */
  during(work: () => Promise<void>): Promise<void>
  /** The pools made so far are over: what they still hold is given away, at once or at the next heartbeat. */
  ended(): Promise<void>
  /** Ends what still runs, gives it back, and leaves no heartbeat behind. */
  close(): Promise<void>
  health(): { ok: boolean; running: number; lastHeartbeatAt: Date | null }
}

/** Starts the heartbeat, which also gives away the jobs of other processes that fell silent. */
export function createRunnerLife(pool: pg.Pool, log: Log): RunnerLife {
  const events: WorkerEvents = new EventEmitter()
  const living = new Map<string, WorkerPool>()
  const over = new Set<string>()
  let running = 0
  let lastHeartbeatAt: Date | null = null
  let beating: Promise<void> | null = null

  events.on('pool:create', ({ workerPool }) => {
    living.set(workerPool.id, workerPool)
    pulse()
  })

  async function heartbeat(): Promise<void> {
    await beat(pool, [...living.keys()])
    const given = [...over]
    await unlock(pool, given)
    for (const id of given) over.delete(id)
    const silent = await unlockSilent(pool)
    if (silent.length > 0) log.warn({ component: 'jobs', runners: silent }, 'Jobs of silent runners are free again')
    lastHeartbeatAt = new Date()
  }

  function pulse(): void {
    beating ??= heartbeat()
      .catch((error: unknown) => log.warn({ component: 'jobs', err: error }, 'The heartbeat of the job runner failed'))
      .finally(() => {
        beating = null
      })
  }

  const timer = setInterval(pulse, HEARTBEAT_MS)

  /** A heartbeat that is under way may not know the newest yet. */
  const beatNow = async (): Promise<void> => {
    await beating
    pulse()
    await beating
  }

  const ended = (): Promise<void> => {
    for (const id of living.keys()) over.add(id)
    living.clear()
    return beatNow()
  }

  return {
    events,
    beat: beatNow,
    ended,
    during: async work => {
      running++
      try {
        await work()
      } finally {
        running--
      }
    },
    close: async () => {
      clearInterval(timer)
      for (const workerPool of living.values()) {
        if (!workerPool._active) continue
        await Promise.resolve(workerPool.forcefulShutdown('The job runner stops')).catch(() => {})
      }
      await ended()
    },
    health: () => ({
      ok: lastHeartbeatAt !== null && Date.now() - lastHeartbeatAt.getTime() < HEARTBEAT_SILENCE_MS,
      running,
      lastHeartbeatAt,
    }),
  }
}
