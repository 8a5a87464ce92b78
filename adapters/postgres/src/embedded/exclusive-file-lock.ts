import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const SQLITE_BUSY = 5
const ATTEMPTS = 8
const PAUSE_MS = 15

/**
 * Node has no flock. SQLite, which is part of Node, takes a kernel lock (fcntl) on its file: atomic, gone with the
 * process even after kill -9, and seen across containers that share the volume. Nothing is ever stored in the file.
 * Never open it by other means in this process: closing any descriptor of the file would drop the lock.
 */
export async function takeExclusiveFileLock(file: string): Promise<{ release(): void } | undefined> {
  // Two that come at the same instant can refuse each other for a moment, hence several attempts.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const lock = tryOnce(file)
    if (lock) return lock
    await sleep(PAUSE_MS * (0.5 + Math.random()))
  }
  return undefined
}

function tryOnce(file: string): { release(): void } | undefined {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined
    throw error
  }
}
