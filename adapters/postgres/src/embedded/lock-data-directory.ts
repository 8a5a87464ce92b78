import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataDirectoryInUse } from './errors.ts'
import { takeExclusiveFileLock } from './exclusive-file-lock.ts'
import { isProcessAlive } from './is-process-alive.ts'

export interface DataDirectoryLock {
  release(): Promise<void>
}

interface Holder {
  pid: number
  host: string
}

/** The server's own lock on DATA_DIR: one live server per directory. */
export function lockDataDirectory(dataDirectory: string): Promise<DataDirectoryLock> {
  return holdLock(dataDirectory, 'calotype.lock')
}

/** Held by whoever started PostgreSQL: a postmaster that runs while nobody holds this one is an orphan. */
export function lockEmbeddedPostgres(dataDirectory: string): Promise<DataDirectoryLock> {
  return holdLock(dataDirectory, 'postgres.lock')
}

async function holdLock(dataDirectory: string, name: string): Promise<DataDirectoryLock> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  const directory = await realpath(dataDirectory)
  // Apart from the locked file, because reading that one would drop its lock; it only feeds the message.
  const holderFile = join(directory, `${name}.holder`)
  const lock = await takeExclusiveFileLock(join(directory, name))
  if (!lock) throw new DataDirectoryInUse(directory, await readHolder(holderFile))
  try {
    await writeHolder(holderFile)
  } catch (error) {
    lock.release()
    throw error
  }
  let released = false
  return {
    async release() {
      if (released) return
      released = true
      await rm(holderFile, { force: true }).finally(() => lock.release())
    },
  }
}

async function writeHolder(file: string): Promise<void> {
  const holder: Holder = { pid: process.pid, host: hostname() }
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600 })
  await rename(temporary, file)
}

/** The winner may not have written its name yet, and the name of a dead holder may still be there. */
async function readHolder(file: string): Promise<Holder | undefined> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const holder = await parseHolder(file)
    if (holder && (holder.host !== hostname() || isProcessAlive(holder.pid))) return holder
    await sleep(20)
  }
  return undefined
}

async function parseHolder(file: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return undefined
    return { pid: Number(value.pid), host: String(value.host) }
  } catch {
    return undefined
  }
}
