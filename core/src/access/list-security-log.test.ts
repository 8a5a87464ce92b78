import { expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { noteChange } from '../security/index.ts'
import { contextOf, createMemoryDatabase, createTestClock, seedProject } from '../testing/index.ts'
import { listSecurityLog } from './list-security-log.ts'

async function scene() {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const project = await seedProject(database)
  const second = await seedProject(database, { organizationId: project.organizationId, name: 'second' })
  const foreign = await seedProject(database)
  for (const [at, of] of [project, second, foreign].entries()) {
    const event = at === 0 ? ('project.created' as const) : ('project.changed' as const)
    await noteChange(database, contextOf(of), { event, detail: of.id, at: clock.now(), projectId: of.id })
  }
  const list = (ctx: ReturnType<typeof contextOf>, input: Partial<Parameters<typeof listSecurityLog>[2]> = {}) =>
    listSecurityLog({ database }, ctx, { event: null, projectId: null, cursor: null, limit: 50, ...input })
  const details = async (...args: Parameters<typeof list>) =>
    (await list(...args)).items.map(({ detail }) => detail).sort()
  return { project, second, foreign, list, details }
}

it('shows the own organisation’s entries to owners and admins, and to nobody else', async () => {
  const { project, second, list, details } = await scene()
  for (const role of ['owner', 'admin'] as const)
    expect(await details(contextOf(project, { role }))).toEqual([project.id, second.id].sort())
  for (const role of ['member', 'viewer'] as const)
    await expect(list(contextOf(project, { role }))).rejects.toMatchObject({ code: 'forbidden' })
})

it('is filtered and paged', async () => {
  const { project, second, foreign, list, details } = await scene()
  const ctx = contextOf(project)
  expect(await details(ctx, { event: 'project.created' })).toEqual([project.id])
  expect(await details(ctx, { projectId: second.id })).toEqual([second.id])
  expect(await details(ctx, { projectId: foreign.id })).toEqual([])
  const first = await list(ctx, { limit: 1 })
  const rest = await list(ctx, { limit: 1, cursor: first.nextCursor })
  expect([...first.items, ...rest.items].map(({ detail }) => detail).sort()).toEqual([project.id, second.id].sort())
  expect(rest.nextCursor).toBeNull()
  await expect(list(ctx, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' })
})

it('shows a bound credential only its projects', async () => {
  const { project, second, list, details } = await scene()
  const bound = contextOf(project, { projectIds: [second.id] })
  expect(await details(bound)).toEqual([second.id])
  await expect(list(bound, { projectId: project.id })).rejects.toMatchObject({ code: 'not_found' })
  await expect(list(bound, { projectId: newId() })).rejects.toMatchObject({ code: 'not_found' })
})
