import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedServerError } from './errors.ts'
import { isProcessAlive } from './is-process-alive.ts'
import { findPostgresProcesses, identify, readPostmasterPid } from './postgres-processes.ts'

const FAST_SHUTDOWN_MS = 30_000
const IMMEDIATE_SHUTDOWN_MS = 5_000
const POLL_MS = 20

/**
 * Sees off what a killed server left. To be called under the lock of the embedded PostgreSQL: then a PostgreSQL on
 * these files belongs to nobody. Only processes proven to be one get a signal, for pids are reused.
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const left = await findPostgresProcesses(cluster)
  if (left.length > 0) {
    log(`A killed server left PostgreSQL running (pid ${left.join(', ')}); stopping it`)
    await interrupt(cluster, 'SIGINT')
    if (!(await goneWithin(cluster, FAST_SHUTDOWN_MS))) {
      await interrupt(cluster, 'SIGQUIT')
      if (!(await goneWithin(cluster, IMMEDIATE_SHUTDOWN_MS))) {
        const pids = (await findPostgresProcesses(cluster)).join(', ')
        const message = `PostgreSQL from an earlier run (pid ${pids}) still uses ${cluster} and does not stop.`
        throw new EmbeddedServerError('orphan_does_not_stop', message)
      }
    }
  }
  await forgetStranger(cluster)
}

/** Its backends leave with the postmaster, so it alone is told; without one they leave by themselves. */
async function interrupt(cluster: string, signal: NodeJS.Signals): Promise<void> {
  const postmaster = await readPostmasterPid(cluster)
  if (postmaster === undefined || !(await findPostgresProcesses(cluster)).includes(postmaster)) return
  try {
    process.kill(postmaster, signal)
  } catch {
    // It went in between, or belongs to another user: then the wait ends with a clear error.
  }
}

async function goneWithin(cluster: string, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs
  while ((await findPostgresProcesses(cluster)).length > 0) {
    if (Date.now() > deadline) return false
    await sleep(POLL_MS)
  }
  return true
}

/**
 * PostgreSQL refuses to start while postmaster.pid names a live process, whatever that process is. With a dead one it
 * does its own, deeper check (shared memory still attached?), so that file stays; and so it does where we cannot tell.
 */
async function forgetStranger(cluster: string): Promise<void> {
  const pid = await readPostmasterPid(cluster)
  if (pid === undefined || !isProcessAlive(pid)) return
  if ((await identify(pid, cluster)) === 'stranger') await rm(join(cluster, 'postmaster.pid'), { force: true })
}
