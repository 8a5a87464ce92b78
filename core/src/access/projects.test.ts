import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { DEFAULT_VARIANTS, SOURCE_TYPES } from '../rendering/index.ts'
import { contextOf, createTeam } from '../testing/index.ts'
import { changeProject } from './change-project.ts'
import { applySettings, type SettingsChange } from './check-settings.ts'
import { createProject } from './create-project.ts'
import { deleteProject } from './delete-project.ts'
import { findProject } from './find-project.ts'
import { defaultProjectSettings } from './install.ts'
import { MAX_PROJECT_PIXELS, MAX_PROJECT_SIDE, MAX_PROJECTS_PER_ORGANIZATION, MAX_RETENTION_DAYS } from './limits.ts'
import { listProjects } from './list-projects.ts'
import type { Project } from './project.ts'

const [thumb, full] = DEFAULT_VARIANTS
if (!thumb || !full) throw new Error('There are two variants by default')
const LIMITS = { maxUploadBytes: 5_000 }
const CURRENT = defaultProjectSettings(LIMITS.maxUploadBytes)

describe('settings', () => {
  it('change where they are named, and stay where they are not', () => {
    expect(applySettings(CURRENT, {}, LIMITS)).toEqual(CURRENT)
    const change: SettingsChange = {
      ...{ allowedTypes: ['image/png', 'image/png'], maxSide: MAX_PROJECT_SIDE, maxPixels: MAX_PROJECT_PIXELS },
      ...{ minBytes: 5, maxBytes: 5_000, retentionDays: MAX_RETENTION_DAYS, detectionTypes: ['rust'] },
      ...{ variants: [full], visibility: 'public' },
    }
    const { allowedTypes: _types, maxSide, maxPixels, ...rest } = change
    const limits = { ...CURRENT.limits, maxSide, maxPixels, allowedTypes: ['image/png'] }
    expect(applySettings(CURRENT, change, LIMITS)).toEqual({ ...CURRENT, ...rest, limits })
  })

  const refused: Array<[reason: string, change: SettingsChange]> = [
    ['allowed_types', { allowedTypes: ['image/svg+xml'] }],
    ['allowed_types', { allowedTypes: [...SOURCE_TYPES, 'image/*'] }],
    ['allowed_types', { allowedTypes: ['IMAGE/PNG'] }],
    ['allowed_types', { allowedTypes: [] }],
    ['max_side', { maxSide: MAX_PROJECT_SIDE + 1 }],
    ['max_pixels', { maxPixels: MAX_PROJECT_PIXELS + 1 }],
    ['retention_days', { retentionDays: MAX_RETENTION_DAYS + 1 }],
    ['max_bytes', { maxBytes: LIMITS.maxUploadBytes + 1 }],
    ['min_bytes', { minBytes: LIMITS.maxUploadBytes + 1 }],
    ['min_bytes', { minBytes: 11, maxBytes: 10 }],
    ['variants', { variants: [thumb] }],
    ['variants', { variants: [full, full] }],
    ['variants', { variants: [{ ...full, formats: ['avif', 'webp'] }] }],
    ['variants', { variants: [full, { ...thumb, formats: ['webp'] }] }],
    ['variants', { variants: [{ ...full, formats: ['jpeg', 'jpeg'] }] }],
    ['variants', { variants: [full, { ...thumb, name: 'original' }] }],
  ]
  it.each(refused)('refuse a bad %s: %j', (reason, change) => {
    const error = expect.objectContaining({ code: 'invalid_request', details: expect.objectContaining({ reason }) })
    expect(() => applySettings(CURRENT, change, LIMITS)).toThrow(error)
  })

  it('let other things change where the installation was narrowed since', () => {
    const narrower = { maxUploadBytes: 10 }
    expect(applySettings(CURRENT, { retentionDays: 1 }, narrower)).toMatchObject({ maxBytes: 5_000, retentionDays: 1 })
    expect(() => applySettings(CURRENT, { maxBytes: 11 }, narrower)).toThrow()
  })
})

describe('projects', () => {
  it('are made, listed and changed by who manages them, in their organisation alone', async () => {
    const { world, deps, organizationId } = await createTeam()
    const admin = contextOf(world.project, { role: 'admin' })
    const made = await createProject(deps, admin, { name: 'Roofs', settings: { retentionDays: 3 } })
    expect(made).toMatchObject({ organizationId, name: 'Roofs', settings: { maxBytes: 10_000, retentionDays: 3 } })
    const change = { projectId: made.id, name: 'Walls', settings: { minBytes: 7 } }
    const changed = await changeProject(deps, admin, change)
    expect(changed).toEqual({ ...made, name: 'Walls', settings: { ...made.settings, minBytes: 7 } })
    expect(await world.memory.projects.load(made.id)).toEqual(changed)
    const list = (ctx = admin) => listProjects(deps, ctx, { cursor: null, limit: 9 })
    expect((await list()).items.map(project => project.id).sort()).toEqual([world.project.id, made.id].sort())
    expect((await list(contextOf(world.project, { projectIds: [made.id] }))).items).toEqual([changed])
    for (const ctx of [
      contextOf(world.project, { organizationId: newId() }),
      contextOf(world.project, { projectIds: [] }),
    ]) {
      await expect(changeProject(deps, ctx, change)).rejects.toMatchObject({ code: 'not_found' })
      await expect(deleteProject(deps, ctx, change)).rejects.toMatchObject({ code: 'not_found' })
      expect((await list(ctx)).items).toEqual([])
    }
    const bound = contextOf(world.project, { projectIds: [world.project.id] })
    for (const ctx of [contextOf(world.project, { role: 'member' }), bound])
      await expect(createProject(deps, ctx, { name: 'x', settings: {} })).rejects.toMatchObject({ code: 'forbidden' })
    const member = contextOf(world.project, { role: 'member' })
    await expect(changeProject(deps, member, change)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(deleteProject(deps, member, change)).rejects.toMatchObject({ code: 'forbidden' })
    expect([...world.memory.inspect().securityLog.values()].map(entry => entry.event)).toEqual([
      'project.created',
      'project.changed',
    ])
  })

  it('have names of their own, however many ask at once', async () => {
    const { world, deps } = await createTeam()
    const make = (name: string) => createProject(deps, world.owner, { name, settings: {} })
    const settled = await Promise.allSettled([make('Roofs'), make('Roofs')])
    expect(settled.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    const taken = { code: 'conflict', details: { reason: 'name' } }
    await expect(make('default')).rejects.toMatchObject(taken)
    const rename = (name: string) =>
      changeProject(deps, world.owner, { projectId: world.project.id, name, settings: {} })
    await expect(rename('Roofs')).rejects.toMatchObject(taken)
    expect(await rename('default')).toMatchObject({ name: 'default' })
  })

  it('end at a number', async () => {
    const { world, deps, organizationId } = await createTeam()
    await world.memory.transaction(async tx => {
      for (let count = 1; count < MAX_PROJECTS_PER_ORGANIZATION; count++)
        await tx.installation.addProject({ id: newId(), organizationId, name: `p${count}`, settings: CURRENT })
    })
    await expect(createProject(deps, world.owner, { name: 'more', settings: {} })).rejects.toMatchObject({
      ...{ code: 'limit_reached', details: { limit: MAX_PROJECTS_PER_ORGANIZATION } },
    })
  })

  it('have the files of their images moved or remade by what changes them, and by nothing else', async () => {
    const { world, deps } = await createTeam()
    const remade: string[] = []
    const remake = async (_tx: unknown, _ctx: unknown, project: Project) =>
      void remade.push(`${project.settings.visibility} ${project.settings.variants.length}`)
    const change = (settings: SettingsChange) =>
      changeProject({ ...deps, remake }, world.owner, { projectId: world.project.id, settings })
    await change({ visibility: 'public' })
    await change({ visibility: 'public', retentionDays: 3 })
    await change({ variants: world.project.settings.variants })
    await change({ variants: [full], visibility: 'private' })
    expect(remade).toEqual(['public 2', 'private 1'])
  })

  it('are there no longer once they are deleted, but for the last one', async () => {
    const { world, deps, organizationId } = await createTeam()
    const { project, owner } = world
    const remove = (projectId: string) => deleteProject(deps, owner, { projectId })
    await expect(remove(project.id)).rejects.toMatchObject({ code: 'last_project', kind: 'conflict' })
    const other = await createProject(deps, owner, { name: 'other', settings: {} })
    const settled = await Promise.allSettled([remove(project.id), remove(other.id)])
    expect(settled.map(each => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await world.memory.projects.findCount(organizationId)).toBe(1)
    const gone = settled[0]?.status === 'fulfilled' ? project : other
    const find = findProject(world.memory, owner, { projectId: gone.id, action: 'image.read' })
    await expect(find).rejects.toMatchObject({ code: 'not_found' })
    await expect(remove(gone.id)).rejects.toMatchObject({ code: 'not_found' })
    await createProject(deps, owner, { name: gone.name, settings: {} })
  })
})
