import { describe, expect, it } from 'vitest'
import { createProject, deleteProject } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import {
  byKind,
  contextOf,
  createDisorder,
  expectedFindings,
  putObject,
  reconcile,
  seedProject,
} from '../../testing/index.ts'
import { getReconcile } from './get-reconcile.ts'
import { RECONCILE_GRACE_MS } from './judge.ts'
import { startReconcile } from './start-reconcile.ts'

describe('the reach of a comparison', () => {
  it('is one project, or what the organisation has', async () => {
    const team = await createDisorder()
    const { world, deps, strays } = team
    const other = await createProject(deps, world.owner, { name: 'other', settings: {} })
    expect((await reconcile(team, true, other.id)).findings).toEqual([])
    const own = await reconcile(team, false, world.project.id)
    expect(byKind(own.findings).unreferenced).toEqual([strays[1]])
    expect(byKind(own.findings).missing_original).toEqual(expectedFindings(team).missing_original)
    expect(byKind((await reconcile(team, false)).findings)).toEqual(expectedFindings(team))
  })

  it('ends at other organisations, and at projects that wait for their removal', async () => {
    const team = await createDisorder()
    const { world, deps } = team
    const foreign = await seedProject(world.memory)
    const dying = await createProject(deps, world.owner, { name: 'dying', settings: {} })
    await putObject(team, `private/${foreign.id}/x/r/a.avif`)
    await putObject(team, `private/${dying.id}/x/r/a.avif`)
    await world.memory.projects.markDeleted(dying.id, world.clock.now())
    world.clock.advance(RECONCILE_GRACE_MS + 1)
    expect(byKind((await reconcile(team, true)).findings)).toEqual(expectedFindings(team))
  })

  it('looks only at its own where the organisation is not that of the installation', async () => {
    const team = await createDisorder()
    const { world, deps } = team
    const organizationId = newId()
    await world.memory.organizations.add({ id: organizationId, name: 'tenant', createdAt: world.clock.now() })
    const tenant = await seedProject(world.memory, { organizationId })
    const stray = `private/${tenant.id}/x/r/a.avif`
    await putObject(team, stray)
    world.clock.advance(RECONCILE_GRACE_MS + 1)
    const ctx = contextOf(tenant)
    const { id } = await startReconcile(deps, ctx, { apply: true, projectId: null })
    await world.runJobs()
    const { findings } = await getReconcile(deps, ctx, { runId: id, withFindings: true })
    expect(findings.map(({ key, outcome }) => [key, outcome])).toEqual([[stray, 'removed']])
    await expect(getReconcile(deps, world.owner, { runId: id, withFindings: true })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('is refused beyond the rights of who asks', async () => {
    const { world, deps, member } = await createDisorder()
    const start = (ctx: typeof world.owner, projectId: string | null) =>
      startReconcile(deps, ctx, { apply: false, projectId })
    const { ctx } = { ctx: contextOf(world.project, { role: 'member' }) }
    expect(member).toBeDefined()
    await expect(start(ctx, null)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(start(ctx, world.project.id)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(start(world.owner, newId())).rejects.toMatchObject({ code: 'not_found' })
    const bound = contextOf(world.project, { projectIds: [world.project.id] })
    await expect(start(bound, null)).rejects.toMatchObject({ code: 'forbidden' })
    const whole = await start(world.owner, null)
    const look = (by: typeof ctx) => getReconcile(deps, by, { runId: whole.id, withFindings: false })
    await expect(look(bound)).rejects.toMatchObject({ code: 'not_found' })
    await expect(look(ctx)).rejects.toMatchObject({ code: 'forbidden' })
    await world.runJobs()
    const own = await start(bound, world.project.id)
    const seen = await getReconcile(deps, bound, { runId: own.id, withFindings: false })
    expect(seen).toMatchObject({ run: { id: own.id, status: 'queued' }, findings: [] })
  })

  it('ends with its project', async () => {
    const team = await createDisorder()
    const { world, deps } = team
    const other = await createProject(deps, world.owner, { name: 'other', settings: {} })
    const { id } = await startReconcile(deps, world.owner, { apply: true, projectId: other.id })
    await deleteProject(deps, world.owner, { projectId: other.id })
    await world.runJobs()
    expect(await world.memory.reconcile.find(world.project.organizationId, id)).toMatchObject({
      ...{ status: 'failed', failure: 'The project was deleted meanwhile.' },
    })
  })
})
