import { describe, expect, it } from 'vitest'
import { createProject, deleteProject } from '../../access/index.ts'
import { newId } from '../../ids.ts'
import { type Image, originalKey, storageUnavailable } from '../../images/index.ts'
import {
  bodyOf,
  contextOf,
  createTeam,
  everyFault,
  findDisorder,
  sampleBytes,
  seedProject,
  type Team,
  upload,
} from '../../testing/index.ts'
import { getReconcile } from './get-reconcile.ts'
import { RECONCILE_GRACE_MS } from './judge.ts'
import { FINDING_BATCH, MASS_FINDINGS, runReconcile } from './run-reconcile.ts'
import { reconcileKey, startReconcile } from './start-reconcile.ts'

const CARE = { projectId: '', purpose: 'care' as const }
const put = ({ world }: Team, key: string, size = 5) =>
  world.blobs.put(key, bodyOf(sampleBytes(size)), { maxBytes: 9_999, contentType: 'x/y' }, CARE)

/** Four ready images, and every kind of difference planted once. */
async function scene() {
  const team = await createTeam()
  const { world } = team
  const images: Image[] = []
  for (const size of [1_000, 1_100, 1_200, 1_300, 1_400]) images.push((await upload(world, sampleBytes(size))).image)
  await world.runJobs()
  const { project, blobs } = world
  const load = async (at: number) => {
    const image = await world.memory.images.load(project.id, images[at]?.id ?? '')
    if (!image) throw new Error('The image is there')
    return image
  }
  const [whole, lost, gone, cut, both] = await Promise.all([0, 1, 2, 3, 4].map(load))
  if (!whole || !lost || !gone || !cut || !both) throw new Error('five images')
  const variant = (image: typeof whole, at = 0) => image.variants[at]?.objectKey ?? ''
  const strays = [originalKey(newId()), `private/${project.id}/${newId()}/r/full.avif`, `public/${newId()}/x/r/a.webp`]
  for (const key of strays) await put(team, key)
  await blobs.remove([variant(lost), originalKey(gone.id), originalKey(both.id), variant(both)], CARE)
  await put(team, variant(cut), 3)
  await put(team, originalKey(cut.id), 7)
  world.clock.advance(RECONCILE_GRACE_MS + 1)
  return { ...team, images: { whole, lost, gone, cut, both }, strays, variant }
}

type Scene = Awaited<ReturnType<typeof scene>>

async function reconcile({ world, deps }: Team, apply: boolean, projectId: string | null = null) {
  const { id } = await startReconcile(deps, world.owner, { apply, projectId })
  await world.runJobs()
  return getReconcile(deps, world.owner, { runId: id, withFindings: true })
}

const expected = ({ images, strays, variant }: Scene) => ({
  unreferenced: [...strays].sort(),
  missing_original: [originalKey(images.gone.id), originalKey(images.both.id)].sort(),
  missing_variant: [variant(images.lost), variant(images.both)].sort(),
  wrong_size: [variant(images.cut), originalKey(images.cut.id)].sort(),
})

function byKind(findings: Awaited<ReturnType<typeof reconcile>>['findings']) {
  const kinds: Record<string, string[]> = {}
  for (const { kind, key } of findings) kinds[kind] = [...(kinds[kind] ?? []), key].sort()
  return kinds
}

describe('a comparison of storage and records', () => {
  it('tells exactly what differs and changes nothing', async () => {
    const team = await scene()
    const before = [team.world.blobs.keys(), team.world.memory.inspect().images]
    const { run, findings } = await reconcile(team, false)
    expect(run).toMatchObject({ status: 'done', apply: false, failure: null, attempt: 1 })
    expect(byKind(findings)).toEqual(expected(team))
    expect(new Set(findings.map(each => each.outcome))).toEqual(new Set(['found']))
    expect(run.counts).toMatchObject({
      ...{ unreferenced: { found: 3, repaired: 0 }, missing_original: { found: 2, repaired: 0 } },
      ...{ missing_variant: { found: 2, repaired: 0 }, wrong_size: { found: 2, repaired: 0 } },
    })
    expect(run.objects).toBe(team.world.blobs.keys().length)
    expect(run.rows).toBe(run.expectedRows)
    expect([team.world.blobs.keys(), team.world.memory.inspect().images]).toEqual(before)
  })

  it('repairs what it tells, and finds only what cannot be mended afterwards', async () => {
    const team = await scene()
    const { world, images, strays } = team
    const { run, findings } = await reconcile(team, true)
    expect(byKind(findings)).toEqual(expected(team))
    expect(run.counts.unreferenced).toEqual({ found: 3, repaired: 3 })
    const outcome = (key: string) => findings.find(finding => finding.key === key)?.outcome
    expect(strays.map(outcome)).toEqual(['removed', 'removed', 'removed'])
    expect(outcome(team.variant(images.lost))).toBe('requeued')
    expect(outcome(team.variant(images.cut))).toBe('requeued')
    expect(outcome(team.variant(images.both))).toBe('recorded')
    expect(outcome(originalKey(images.gone.id))).toBe('recorded')
    const load = (id: string) => world.memory.images.load(world.project.id, id)
    expect(await load(images.gone.id)).toMatchObject({ status: 'ready', originalKey: null })
    expect((await load(images.gone.id))?.history.at(-1)?.detail).toMatch(/^original gone/)
    expect((await load(images.both.id))?.history.map(line => line.detail).join()).toMatch(/there is no original/)
    const mended = await load(images.lost.id)
    expect(mended?.history.at(-1)?.detail).toMatch(/^variants made again/)
    for (const { objectKey } of mended?.variants ?? []) expect(world.blobs.keys()).toContain(objectKey)
    await world.sweep()
    const { missing, orphans } = findDisorder(world)
    expect(orphans).toEqual([])
    expect(missing).toEqual([team.variant(images.both)])
    const again = await reconcile(team, true)
    expect(byKind(again.findings)).toEqual({
      ...{ missing_variant: [team.variant(images.both)], wrong_size: [originalKey(images.cut.id)] },
    })
    const both = await load(images.both.id)
    expect(both?.history.filter(line => line.detail?.includes('no original'))).toHaveLength(1)
  })

  it('settles what the bytes were counted for', async () => {
    const team = await scene()
    await reconcile(team, true)
    await team.world.sweep()
    const { usage, images, originals } = team.world.memory.inspect()
    let counted = 0
    for (const entry of usage.values()) counted += entry.storedBytes ?? 0
    let kept = 0
    for (const image of images.values()) for (const variant of image.variants) kept += variant.sizeBytes
    for (const original of originals.values()) kept += original.sizeBytes
    expect(counted).toBe(kept)
  })

  it('leaves alone what is younger than the cut-off', async () => {
    const team = await scene()
    const { world, deps } = team
    const { image } = await upload(world, sampleBytes(2_000))
    await world.runJobs()
    await put(team, originalKey(newId()))
    await world.blobs.remove([originalKey(image.id)], CARE)
    const { findings } = await reconcile(team, false)
    expect(byKind(findings)).toEqual(expected(team))
    expect(deps.clock.now().getTime()).toBeGreaterThan(0)
  })
})

describe('the reach of a comparison', () => {
  it('is one project, or what the organisation has', async () => {
    const team = await scene()
    const { world, deps, strays } = team
    const other = await createProject(deps, world.owner, { name: 'other', settings: {} })
    expect((await reconcile(team, true, other.id)).findings).toEqual([])
    const own = await reconcile(team, false, world.project.id)
    expect(byKind(own.findings).unreferenced).toEqual([strays[1]])
    expect(byKind(own.findings).missing_original).toEqual(expected(team).missing_original)
    expect(byKind((await reconcile(team, false)).findings)).toEqual(expected(team))
  })

  it('ends at other organisations, and at projects that wait for their removal', async () => {
    const team = await scene()
    const { world, deps } = team
    const foreign = await seedProject(world.memory)
    const dying = await createProject(deps, world.owner, { name: 'dying', settings: {} })
    await put(team, `private/${foreign.id}/x/r/a.avif`)
    await put(team, `private/${dying.id}/x/r/a.avif`)
    await world.memory.projects.markDeleted(dying.id, world.clock.now())
    world.clock.advance(RECONCILE_GRACE_MS + 1)
    expect(byKind((await reconcile(team, true)).findings)).toEqual(expected(team))
  })

  it('looks only at its own where the organisation is not that of the installation', async () => {
    const team = await scene()
    const { world, deps } = team
    const organizationId = newId()
    await world.memory.organizations.add({ id: organizationId, name: 'tenant', createdAt: world.clock.now() })
    const tenant = await seedProject(world.memory, { organizationId })
    const stray = `private/${tenant.id}/x/r/a.avif`
    await put(team, stray)
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
    const { world, deps, member } = await scene()
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
    const team = await scene()
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

describe('a run', () => {
  it('is one at a time, and one that was given up is in nobody’s way', async () => {
    const team = await scene()
    const { world, deps } = team
    const first = await startReconcile(deps, world.owner, { apply: false, projectId: null })
    const second = startReconcile(deps, world.owner, { apply: false, projectId: null })
    await expect(second).rejects.toMatchObject({ code: 'reconcile_running', details: { reason: first.id } })
    const lost = { ...deps.database, jobs: { ...deps.database.jobs, find: async () => null } }
    const third = await startReconcile({ ...deps, database: lost }, world.owner, { apply: false, projectId: null })
    expect(third.status).toBe('queued')
    const { organizationId } = world.project
    expect(await world.memory.reconcile.find(organizationId, first.id)).toMatchObject({ status: 'failed' })
    expect(await world.memory.jobs.find(reconcileKey(third.id))).toMatchObject({ state: 'waiting' })
    const payload = { organizationId, runId: first.id, requestId: 'r' }
    expect(await runReconcile(deps, payload, { attempt: 1, maxAttempts: 2 })).toBeNull()
    expect(await runReconcile(deps, { ...payload, runId: newId() }, { attempt: 1, maxAttempts: 2 })).toBeNull()
  })

  it('is noted in the audit log when it repairs', async () => {
    const team = await scene()
    await reconcile(team, false)
    const { run } = await reconcile(team, true)
    const entries = [...team.world.memory.inspect().audit.values()]
    expect(entries).toMatchObject([{ action: 'storage.repaired', subject: run.id }])
  })

  it('fails when storage does not answer to the last try', async () => {
    const { world, deps } = await scene()
    const { organizationId } = world.project
    const { id } = await startReconcile(deps, world.owner, { apply: true, projectId: null })
    world.blobs.failWith(storageUnavailable())
    const payload = { organizationId, runId: id, requestId: 'r' }
    const code = storageUnavailable().code
    await expect(runReconcile(deps, payload, { attempt: 1, maxAttempts: 2 })).rejects.toMatchObject({ code })
    expect(await world.memory.reconcile.find(organizationId, id)).toMatchObject({ status: 'running' })
    await expect(runReconcile(deps, payload, { attempt: 2, maxAttempts: 2 })).rejects.toMatchObject({ code })
    expect(await world.memory.reconcile.find(organizationId, id)).toMatchObject({ status: 'failed', attempt: 2 })
  })

  it('tells what would not go', async () => {
    const team = await scene()
    const { world, strays } = team
    const { id } = await startReconcile(team.deps, world.owner, { apply: true, projectId: null })
    const { blobs } = team.deps
    const stubborn = { ...team.deps, blobs: { ...blobs, remove: async () => [strays[0] ?? ''] } }
    const payload = { organizationId: world.project.organizationId, runId: id, requestId: 'r' }
    const run = await runReconcile(stubborn, payload, { attempt: 1, maxAttempts: 1 })
    expect(run?.counts.unreferenced).toEqual({ found: 3, repaired: 2 })
  })

  it('gives way to a newer try', async () => {
    const { world, deps } = await scene()
    const { organizationId } = world.project
    const { id } = await startReconcile(deps, world.owner, { apply: false, projectId: null })
    const payload = { organizationId, runId: id, requestId: 'r' }
    const { reconcile: store } = world.memory
    const overtaken = {
      ...deps,
      database: {
        ...deps.database,
        reconcile: { ...store, save: async () => (await store.begin(organizationId, id, new Date(), 1)) === null },
      },
    }
    const run = await runReconcile(overtaken, payload, { attempt: 1, maxAttempts: 2 })
    expect(run).toMatchObject({ status: 'running', attempt: 2, objects: 0 })
  })

  it('stops before it removes what storage was only not mounted for', async () => {
    const team = await createTeam()
    const { world } = team
    for (let at = 0; at < MASS_FINDINGS + 2 * FINDING_BATCH; at++)
      await put(team, `uploads/${String(at).padStart(26, '0')}`, 1)
    world.clock.advance(RECONCILE_GRACE_MS + 1)
    const { run } = await reconcile(team, true)
    expect(run.failure).toMatch(/^Far too much differs/)
    const left = world.blobs.keys().length
    expect(left).toBe(FINDING_BATCH)
  })

  it('leaves no harm and repairs everything in the end, whichever call fails, loses its answer or is the last before a kill', async () => {
    const started = async () => {
      const team = await scene()
      const { id } = await startReconcile(team.deps, team.world.owner, { apply: true, projectId: null })
      const { organizationId } = team.world.project
      return { ...team, payload: { organizationId, runId: id, requestId: 'r' } }
    }
    const faults = await everyFault({
      scene: started,
      act: ({ deps, payload }) => runReconcile(deps, payload, { attempt: 1, maxAttempts: 9 }),
      check: async team => {
        const { world, images } = team
        await world.runJobs()
        const { run } = await getReconcile(team.deps, world.owner, { ...team.payload, withFindings: false })
        expect(run.status).toBe('done')
        await world.sweep()
        expect(findDisorder(world)).toEqual({ orphans: [], missing: [team.variant(images.both)] })
      },
    })
    expect(faults).toBeGreaterThan(40)
  }, 180_000)
})
