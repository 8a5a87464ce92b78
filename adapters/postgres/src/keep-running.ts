import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner } from 'graphile-worker'
import { JOB_RESTART_MS } from './limits.ts'
import type { Log } from './log.ts'
import type { RunnerLife } from './runner-life.ts'

/**
 * Keeps a runner going. One that its library ended, because a job's end could not be written, is followed by a new one, and what it
 * still held is given away at once.
 */
export async function keepRunning(
  start: () => Promise<Runner>,
  life: RunnerLife,
  log: Log,
): Promise<{ stop(drainMs: number): Promise<void> }> {
  let stopping = false
  let runner = await start()

  async function supervise(): Promise<void> {
    while (!stopping) {
      await runner.promise.catch((error: unknown) =>
        log.warn({ component: 'jobs', err: error }, 'The job runner ended'),
      )
      if (stopping) return
      await life.ended()
      await sleep(JOB_RESTART_MS)
      runner = await start().catch((error: unknown) => {
        log.warn({ component: 'jobs', err: error }, 'The job runner could not start; it tries again')
        return runner
      })
    }
    // Stopped while a new one was being made.
    await runner.stop().catch(() => {})
  }

  const supervision = supervise()
  return {
    stop: async drainMs => {
      stopping = true
      const drained = runner.stop().catch(() => {})
      await Promise.race([drained, sleep(drainMs, undefined, { ref: false })])
      await life.close()
      // A restart may have been under way.
      await Promise.race([supervision, sleep(2 * JOB_RESTART_MS, undefined, { ref: false })])
    },
  }
}
