import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedServer } from '../embedded/index.ts'
import { migrate } from '../migrate.ts'

/** Where the one real PostgreSQL of a test run listens; `template` is a migrated database that nobody is connected to. */
export interface PostgresOfRun {
  socketDirectory: string
  port: number
  user: string
  database: string
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresOfRun
  }
}

/** One PostgreSQL for all test files: databases are copies of one that was migrated once. */
export async function setup(project: TestProject) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'calotype-test-'))
  const server = await startEmbeddedServer({ dataDirectory, log: () => {} })
  const { socketDirectory, port, user, database } = server
  const template = 'migrated'
  const client = new pg.Client({ host: socketDirectory, port, user, database })
  await client.connect()
  await client.query(`create database ${template}`)
  await client.end()
  await migrate({ host: socketDirectory, port, user, database: template })
  project.provide('postgres', { socketDirectory, port, user, database, template })
  return async () => {
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}
