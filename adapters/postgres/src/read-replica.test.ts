import { seedImage, seedProject } from '@calotype/core/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { REPLICA_PAUSE_MS } from './limits.ts'
import { openReadReplica, type ReadReplica } from './read-replica.ts'
import { openTestDatabase } from './testing/test-database.ts'

const open: ReadReplica[] = []
const databases: Awaited<ReturnType<typeof openTestDatabase>>[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const replica of open.splice(0)) await replica.close()
  for (const database of databases.splice(0)) await database.close()
})

/** Two databases that know the same project and different images, so that an answer tells who gave it. */
async function scene() {
  const [primary, copy] = [await openTestDatabase(), await openTestDatabase()]
  databases.push(primary, copy)
  const project = await seedProject(primary.database)
  await copyRows(primary.test, copy.test)
  const made = await seedImage(primary.database, project, { status: 'uploaded' })
  const old = await seedImage(copy.database, project, { status: 'uploaded' })
  const changes: string[] = []
  const connection = copy.test.connection
  const onChange = (state: string) => void changes.push(state)
  const replica = openReadReplica(primary.database, { connection, poolMax: 2, poolIdleSeconds: 5, onChange })
  open.push(replica)
  const nothing = {
    status: null,
    contentType: null,
    camera: null,
    reference: null,
    attributes: {},
    from: null,
    to: null,
  }
  const list = async (more: object) => {
    const query = { ...nothing, projectId: project.id, search: null, before: null, limit: 10, ...more }
    return (await replica.database.images.list(query)).map(({ id }) => id)
  }
  return { primary, copy, project, made, old, changes, replica, list }
}

/** Organisation and project as replication would bring them. */
async function copyRows(from: { query: Query }, to: { query: Query }): Promise<void> {
  for (const table of ['organizations', 'projects']) {
    const rows = await from.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`)
    for (const { row } of rows)
      await to.query(`insert into ${table} select * from jsonb_populate_record(null::${table}, $1::jsonb)`, [row])
  }
}
type Query = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>

const LAST = '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'

it('answers searches and later pages, and leaves everything else to the primary', async () => {
  const { made, old, project, list, replica } = await scene()
  expect(await list({ before: LAST })).toEqual([old.id])
  expect(await list({ search: 'jpg' })).toEqual([old.id])
  expect(await list({})).toEqual([made.id])
  expect(await list({ status: 'deleted', before: LAST })).toEqual([])
  const { images } = replica.database
  expect(await images.find(project.organizationId, made.id)).toMatchObject({ id: made.id })
  expect(await images.find(project.organizationId, old.id)).toBeNull()
  const address = { organizationId: project.organizationId, imageId: made.id }
  expect(await images.findVersions([address])).toMatchObject([{ imageId: made.id }])
  const locked = await replica.database.transaction(tx => tx.images.load(project.id, made.id, { lock: true }))
  expect(locked?.id).toBe(made.id)
})

it('is done without while it is away or behind, says so once, and is asked again later', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { copy, made, old, list, changes } = await scene()
  await copy.test.query('alter table images rename to not_yet')
  expect([await list({ before: LAST }), await list({ before: LAST })]).toEqual([[made.id], [made.id]])
  expect(changes).toEqual(['away'])
  await copy.test.query('alter table not_yet rename to images')
  expect(await list({ before: LAST })).toEqual([made.id])
  vi.setSystemTime(Date.now() + REPLICA_PAUSE_MS)
  expect(await list({ before: LAST })).toEqual([old.id])
  expect(changes).toEqual(['away', 'back'])
  await copy.close()
  databases.pop()
  expect(await list({ before: LAST })).toEqual([made.id])
  expect(changes).toEqual(['away', 'back', 'away'])
})
