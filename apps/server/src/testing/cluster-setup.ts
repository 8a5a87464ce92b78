import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDatabase } from '@calotype/postgres'
import { startEmbeddedServer } from '@calotype/postgres/embedded'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Files of a PostgreSQL that is migrated and empty, to be copied into a new data directory. */
    cluster: string
  }
}

/** Makes and migrates a database once for all test files: that is most of what the first start of the program does. */
export async function setup(project: TestProject) {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'calotype-cluster-'))
  const server = await startEmbeddedServer({ dataDirectory, log: () => {} })
  const { socketDirectory: host, port, user, database } = server
  const connection = { host, port, user, database }
  const { close } = await openDatabase({ connection, poolMax: 1, poolIdleSeconds: 1, onError: () => {} })
  await close()
  await server.stop()
  project.provide('cluster', path.join(dataDirectory, 'postgres'))
  return () => rm(dataDirectory, { recursive: true, force: true })
}
