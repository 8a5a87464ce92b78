import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { JobHandlers } from '@calotype/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type JobRunner, startJobRunner } from './job-runner.ts'
import { openTestDatabase } from './testing/test-database.ts'
import { silentLog, until } from './testing/test-world.ts'

type Handler = JobHandlers['image.process']

const idle: JobHandlers = {
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

describe('the job runner', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  const runners: JobRunner[] = []

  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await Promise.all(runners.splice(0).map(runner => runner.stop()))
    await opened.test.query('delete from graphile_worker._private_jobs')
  })
  afterAll(() => Promise.all(runners.splice(0).map(runner => runner.stop())))

  async function start(process: Handler, how: { unlockAllOnStart?: boolean; drainMs?: number } = {}) {
    const runner = await startJobRunner({
      handle: opened.handle,
      handlers: { ...idle, 'image.process': process },
      concurrency: 2,
      unlockAllOnStart: false,
      log: silentLog,
      ...how,
    })
    runners.push(runner)
    return runner
  }

  const payload = (imageId: string) => ({ projectId: 'P', imageId, requestId: 'r' })
  const jobs = () =>
    opened.test.query<{ key: string; attempts: number; locked_by: string | null; last_error: string | null }>(
      'select key, attempts, locked_by, last_error from graphile_worker.jobs order by id',
    )

  it('runs a job soon after its transaction committed, and not before', async () => {
    const seen: string[] = []
    await start(async job => void seen.push(job.imageId))
    await opened.database.transaction(async tx => {
      await tx.jobs.enqueue('image.process', payload('a'), { key: 'image.process:a' })
      await new Promise(resolve => setTimeout(resolve, 100))
      expect(seen).toEqual([])
    })
    await until(() => seen.length === 1)
    await until(async () => (await jobs()).length === 0)
    expect(seen).toEqual(['a'])
  })

  it('forgets the job of a transaction that failed', async () => {
    const failing = opened.database.transaction(async tx => {
      await tx.jobs.enqueue('image.process', payload('a'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await jobs()).toEqual([])
  })

  it('tells the handler which try it is and when the first was queued', async () => {
    const began = Date.now()
    const tries: number[] = []
    await start(async (_job, run) => {
      tries.push(run.attempt)
      expect(run.maxAttempts).toBe(20)
      expect(Math.abs(run.firstQueuedAt.getTime() - began)).toBeLessThan(5_000)
      if (run.attempt === 1) throw new Error('once more')
    })
    await opened.database.jobs.enqueue('image.process', payload('a'), { key: 'image.process:a' })
    await until(async () => (await jobs())[0]?.last_error === 'once more')
    await opened.test.query('update graphile_worker._private_jobs set run_at = now()')
    await until(() => tries.length === 2)
    expect(tries).toEqual([1, 2])
  })

  it('makes one job of two with the same key, and a new one when the first was given up', async () => {
    const { jobs: queue } = opened.database
    const key = 'image.process:a'
    await queue.enqueue('image.process', payload('a'), { key })
    await queue.enqueue('image.process', payload('a'), { key })
    expect(await jobs()).toHaveLength(1)
    await opened.test.query(
      `update graphile_worker._private_jobs set attempts = max_attempts, created_at = now() - interval '2 days'`,
    )
    await queue.enqueue('image.process', payload('a'), { key })
    const [job, ...rest] = await opened.test.query<{ fresh: boolean; attempts: number }>(
      `select created_at > now() - interval '1 minute' as fresh, attempts from graphile_worker.jobs`,
    )
    expect(rest).toEqual([])
    expect(job).toEqual({ fresh: true, attempts: 0 })
  })

  it('refuses a payload that is none', async () => {
    const wrong = JSON.parse('{"projectId": 1}')
    await expect(opened.database.jobs.enqueue('image.process', wrong)).rejects.toThrow()
  })

  it('runs the job of a killed process again as soon as that was silent for too long', async () => {
    const { host, port, user, database } = opened.test.connection
    const program = fileURLToPath(new URL('./testing/stuck-runner.ts', import.meta.url))
    const child = spawn(process.execPath, [program, host, String(port), user, database])
    await opened.database.jobs.enqueue('image.process', payload('a'))
    await once(child.stdout, 'data')
    await until(async () => (await opened.test.query('select 1 from worker_heartbeats')).length === 1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const seen: number[] = []
    const waiting = await start(async (_job, run) => void seen.push(run.attempt))
    await until(() => waiting.health().ok)
    expect(seen).toEqual([])
    await waiting.stop()
    runners.length = 0
    // Half a minute later.
    await opened.test.query(`update worker_heartbeats set seen_at = seen_at - interval '40 seconds'`)
    await opened.test.query(`update graphile_worker._private_jobs set locked_at = locked_at - interval '40 seconds'`)
    await start(async (_job, run) => void seen.push(run.attempt))
    await until(() => seen.length === 1)
    expect(seen).toEqual([2])
  })

  it('leaves the job of a living runner alone', async () => {
    await opened.database.jobs.enqueue('image.process', payload('a'))
    await opened.test.query(
      `update graphile_worker._private_jobs set locked_by = 'pool-alive', locked_at = now() - interval '1 hour', attempts = 1`,
    )
    await opened.test.query(`insert into worker_heartbeats (worker_id) values ('pool-alive')`)
    const runner = await start(idle['image.process'])
    await until(() => runner.health().ok)
    expect((await jobs())[0]?.locked_by).toBe('pool-alive')
  })

  it('takes every job at once where it is the only one', async () => {
    await opened.database.jobs.enqueue('image.process', payload('a'))
    await opened.test.query(
      `update graphile_worker._private_jobs set locked_by = 'pool-killed', locked_at = now(), attempts = 1`,
    )
    await opened.test.query(`insert into worker_heartbeats (worker_id) values ('pool-killed')`)
    const seen: number[] = []
    await start(async (_job, run) => void seen.push(run.attempt), { unlockAllOnStart: true })
    await until(() => seen.length === 1)
  })

  it('lets running jobs end when it stops', async () => {
    let ended = false
    let begun = false
    const runner = await start(async () => {
      begun = true
      await new Promise(resolve => setTimeout(resolve, 300))
      ended = true
    })
    await opened.database.jobs.enqueue('image.process', payload('a'))
    await until(() => begun)
    expect(runner.health().running).toBe(1)
    await runner.stop()
    runners.length = 0
    expect(ended).toBe(true)
    expect(await jobs()).toEqual([])
    expect(await opened.test.query('select 1 from worker_heartbeats')).toEqual([])
  })

  it('gives back what does not end within the grace', async () => {
    let release = () => {}
    let begun = false
    const runner = await start(
      () => {
        begun = true
        return new Promise<void>(resolve => {
          release = resolve
        })
      },
      { drainMs: 100 },
    )
    await opened.database.jobs.enqueue('image.process', payload('a'))
    await until(() => begun)
    await runner.stop()
    runners.length = 0
    expect((await jobs()).map(job => job.locked_by)).toEqual([null])
    release()
  })
})
