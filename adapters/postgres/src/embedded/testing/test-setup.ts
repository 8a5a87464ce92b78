import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import { type EmbeddedServer, startEmbeddedServer } from '../index.ts'
import { findPostgresProcesses } from '../postgres-processes.ts'

export const isRoot = process.getuid?.() === 0

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-test-'))
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** DATA_DIR with a database in it, for all tests of a file: initdb takes long where the disk is busy. */
export async function makeDataDirectory(): Promise<string> {
  const dataDirectory = await realpath(await mkdtemp(join(tmpdir(), 'embedded-test-')))
  // Plain setpriv is for directories that everybody may enter.
  await chmod(dataDirectory, 0o755)
  const server = await startEmbeddedServer({ dataDirectory, log: () => {} })
  await server.stop()
  return dataDirectory
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

export async function startForTest(dataDirectory: string): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDirectory, log: () => {} })
  onTestFinished(() => server.stop())
  return server
}

export async function ask(connectionString: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

export async function goneWithin(cluster: string, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs
  while ((await findPostgresProcesses(cluster)).length > 0) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}
