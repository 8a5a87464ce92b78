import { expect, it } from 'vitest'
import { contextOf, createMemoryDatabase, createTestClock, seedProject } from '../testing/index.ts'
import { noteChange } from './note-change.ts'
import { pruneSecurityLog, SECURITY_LOG_DAYS } from './prune-security-log.ts'

it('writes who changed what from where, and forgets it in the end', async () => {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const project = await seedProject(database)
  const ctx = { ...contextOf(project), ip: '192.0.2.9' }
  const at = clock.now()
  await database.transaction(tx =>
    noteChange(tx, ctx, { event: 'project.changed', detail: 'Visibility is public now', at, projectId: project.id }),
  )
  await noteChange(database, contextOf(project), { event: 'key.revoked', detail: 'Key 1 was revoked', at })
  const { organizationId } = project
  const list = () =>
    database.securityLog.list({ organizationId, projectIds: null, event: null, before: null, limit: 9 })
  const { kind, id } = ctx.actor
  expect([...(await list())].sort((a, b) => (a.event < b.event ? -1 : 1))).toMatchObject([
    { event: 'key.revoked', projectId: null, ip: null },
    { event: 'project.changed', actor: { kind, id }, ip: '192.0.2.9', projectId: project.id, code: null, count: 1, at },
  ])
  clock.advance(SECURITY_LOG_DAYS * 86_400_000)
  expect(await pruneSecurityLog({ database, clock })).toBe(0)
  clock.advance(1)
  expect(await pruneSecurityLog({ database, clock })).toBe(2)
  expect(await list()).toEqual([])
})
