import { expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createMemoryDatabase, createTestClock, seedProject } from '../testing/index.ts'
import { findProject } from './find-project.ts'

async function scene() {
  const database = createMemoryDatabase(createTestClock())
  const first = await seedProject(database)
  const { organizationId } = first
  const second = await seedProject(database, { organizationId, name: 'second' })
  const foreign = await seedProject(database)
  const find = (ctx: ReturnType<typeof contextOf>, projectId: string | null, action = 'image.write' as const) =>
    findProject({ projects: database.projects }, ctx, { projectId, action })
  return { first, second, foreign, find }
}

it('takes the oldest project that the credential reaches when none is named', async () => {
  const { first, second, find } = await scene()
  expect((await find(contextOf(first), null)).id).toBe(first.id)
  expect((await find(contextOf(first, { projectIds: [second.id] }), null)).id).toBe(second.id)
  expect((await find(contextOf(first, { projectIds: [second.id, first.id] }), null)).id).toBe(first.id)
})

it('answers not_found for what is unknown, foreign or out of reach, and forbidden for too low a role', async () => {
  const { first, second, foreign, find } = await scene()
  const bound = contextOf(first, { projectIds: [second.id] })
  const refused = [
    find(contextOf(first), newId()),
    find(contextOf(first), foreign.id),
    find(bound, first.id),
    find(contextOf(first, { projectIds: [foreign.id] }), foreign.id),
    find(contextOf(first, { projectIds: [] }), null),
    // Too low a role in a project out of reach says nothing of the role.
    find(contextOf(first, { role: 'viewer', projectIds: [second.id] }), first.id),
  ]
  for (const each of refused) await expect(each).rejects.toMatchObject({ code: 'not_found', kind: 'not_found' })
  await expect(find(contextOf(first, { role: 'viewer' }), null)).rejects.toMatchObject({ code: 'forbidden' })
})
