import { expect, it } from 'vitest'
import {
  createMemoryDatabase,
  createMemoryTelemetry,
  createTestClock,
  seedImage,
  seedProject,
} from '../testing/index.ts'
import { watchDatabase } from './watch-database.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

async function scene() {
  const telemetry = createMemoryTelemetry()
  const memory = createMemoryDatabase(createTestClock())
  const database = watchDatabase(memory, telemetry)
  return { telemetry, memory, database, project: await seedProject(memory) }
}

it('counts what became of images once it is committed, and nothing that was not', async () => {
  const { telemetry, database, project } = await scene()
  await seedImage(database, project, { status: 'uploaded' })
  const lost = database.transaction(async tx => {
    await seedImage({ ...database, ...tx, transaction: work => work(tx) }, project, { status: 'uploaded' })
    throw new Error('stop')
  })
  await expect(lost).rejects.toThrow('stop')
  expect(telemetry.totals('calotype_uploads_confirmed_total')).toEqual({ '{"origin":"upload"}': 1 })
})

it('counts the last run alone of a transaction that ran again', async () => {
  const { telemetry, memory, project } = await scene()
  const rerun: typeof memory.transaction = work =>
    memory.transaction(async tx => {
      await work(tx)
      return work(tx)
    })
  const twice = watchDatabase({ ...memory, transaction: rerun }, telemetry)
  await twice.transaction(tx => tx.events.append({ projectId: project.id, type: 'image.status', payload: {} }))
  expect(telemetry.totals('calotype_events_total')).toEqual({ '{"type":"image.status"}': 1 })
})

it('gives the trace that is under way to jobs, inside of transactions and outside', async () => {
  const { telemetry, memory, database } = await scene()
  await database.jobs.enqueue('care.sweep', { requestId: 'untraced' })
  telemetry.trace = TRACE
  await database.jobs.enqueue('care.sweep', { requestId: 'outside' })
  await database.transaction(tx => tx.jobs.enqueue('care.sweep', { requestId: 'inside' }))
  expect(memory.queue.list().map(({ trace }) => trace)).toEqual([null, telemetry.trace, telemetry.trace])
})

it('is one span for a transaction, failed by a code and not by what was said', async () => {
  const { telemetry, database } = await scene()
  await database.transaction(async () => {})
  expect(telemetry.spans).toEqual([])
  telemetry.trace = TRACE
  const failing = database.transaction(async () => {
    throw new Error('the name of somebody')
  })
  await expect(failing).rejects.toThrow()
  expect(telemetry.spans).toMatchObject([{ name: 'transaction', failure: 'internal', ended: true }])
  expect(JSON.stringify(telemetry.spans)).not.toContain('somebody')
})
