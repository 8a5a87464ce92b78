import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobHandlers, StoredEvent } from '@calotype/core'
import { seedProject } from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { startEmbeddedServer } from './embedded/index.ts'
import { startEventFeed } from './event-feed.ts'
import { startJobRunner } from './job-runner.ts'
import { openDatabase } from './open-database.ts'
import { silentLog, until } from './testing/test-world.ts'

const handlers: JobHandlers = {
  'image.process': async () => {},
  'image.received': async () => {},
  'image.purge': async () => {},
  'image.import': async () => {},
  'image.remake': async () => {},
  'remake.advance': async () => {},
  'remake.retire': async () => {},
  'tombstones.purge': async () => {},
  'tombstones.withdraw': async () => {},
  'project.remove': async () => {},
  'organization.remove': async () => {},
  'pipeline.relay': async () => {},
  'mail.send': async () => {},
  'slot.settle': async () => {},
  'image.mend': async () => {},
  'care.reconcile': async () => {},
  'audit.seal': async () => {},
  'audit.heads': async () => {},
  'care.sweep': async () => {},
}

it('survives a restart of the server: pool, feed, and a job whose end could not be written', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'calotype-restart-'))
  const startServer = () => startEmbeddedServer({ dataDirectory, log: () => {} })
  let server = await startServer()
  const connection = {
    host: server.socketDirectory,
    port: server.port,
    user: server.user,
    database: server.database,
  }
  const { database, handle, close } = await openDatabase({
    connection,
    poolMax: 4,
    poolIdleSeconds: 10,
    onError: () => {},
  })
  const project = await seedProject(database)
  const feed = await startEventFeed({ handle, log: silentLog })
  const events: StoredEvent[] = []
  const { ready } = feed.subscribe(project.id, null, event => events.push(event))
  await ready
  const attempts: number[] = []
  let finish = () => {}
  const process: JobHandlers['image.process'] = async (_job, run) => {
    attempts.push(run.attempt)
    if (run.attempt === 1) await new Promise<void>(resolve => (finish = resolve))
  }
  const runner = await startJobRunner({
    handle,
    handlers: { ...handlers, 'image.process': process },
    concurrency: 2,
    unlockAllOnStart: true,
    log: silentLog,
  })
  try {
    const payload = { projectId: project.id, imageId: 'a', requestId: 'r' }
    await database.jobs.enqueue('image.process', payload)
    await until(() => attempts.length === 1)

    await server.stop()
    await expect(database.check()).rejects.toMatchObject({ code: 'database_unavailable' })
    finish()
    server = await startServer()
    expect(server.socketDirectory).toBe(connection.host)

    await until(() =>
      database.check().then(
        () => true,
        () => false,
      ),
    )
    await database.events.append({ projectId: project.id, type: 'image.status', payload: { n: 1 } })
    await until(() => events.length === 1, 15_000)
    await until(() => attempts.length === 2, 20_000)
    expect(attempts).toEqual([1, 2])
    await until(() => runner.health().ok)
  } finally {
    await runner.stop()
    await feed.stop()
    await close()
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}, 60_000)
