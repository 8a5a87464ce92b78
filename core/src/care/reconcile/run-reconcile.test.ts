import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import { originalKey, storageUnavailable } from '../../images/index.ts'
import {
  byKind,
  CARE,
  createDisorder,
  createTeam,
  everyFault,
  expectedFindings,
  findDisorder,
  putObject,
  reconcile,
  sampleBytes,
  upload,
} from '../../testing/index.ts'
import { getReconcile } from './get-reconcile.ts'
import { RECONCILE_GRACE_MS } from './judge.ts'
import { FINDING_BATCH, MASS_FINDINGS, runReconcile } from './run-reconcile.ts'
import { reconcileKey, startReconcile } from './start-reconcile.ts'

describe('a comparison of storage and records', () => {
  it('tells exactly what differs and changes nothing', async () => {
    const team = await createDisorder()
    const before = [team.world.blobs.keys(), team.world.memory.inspect().images]
    const { run, findings } = await reconcile(team, false)
    expect(run).toMatchObject({ status: 'done', apply: false, failure: null, attempt: 1 })
    expect(byKind(findings)).toEqual(expectedFindings(team))
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
    const team = await createDisorder()
    const { world, images, strays } = team
    const { run, findings } = await reconcile(team, true)
    expect(byKind(findings)).toEqual(expectedFindings(team))
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
    const team = await createDisorder()
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
    const team = await createDisorder()
    const { world, deps } = team
    const { image } = await upload(world, sampleBytes(2_000))
    await world.runJobs()
    await putObject(team, originalKey(newId()))
    await world.blobs.remove([originalKey(image.id)], CARE)
    const { findings } = await reconcile(team, false)
    expect(byKind(findings)).toEqual(expectedFindings(team))
    expect(deps.clock.now().getTime()).toBeGreaterThan(0)
  })
})

describe('a run', () => {
  it('is one at a time, and one that was given up is in nobody’s way', async () => {
    const team = await createDisorder()
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
    const team = await createDisorder()
    await reconcile(team, false)
    const { run } = await reconcile(team, true)
    const entries = [...team.world.memory.inspect().audit.values()]
    expect(entries).toMatchObject([{ action: 'storage.repaired', subject: run.id }])
  })

  it('fails when storage does not answer to the last try', async () => {
    const { world, deps } = await createDisorder()
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
    const team = await createDisorder()
    const { world, strays } = team
    const { id } = await startReconcile(team.deps, world.owner, { apply: true, projectId: null })
    const { blobs } = team.deps
    const stubborn = { ...team.deps, blobs: { ...blobs, remove: async () => [strays[0] ?? ''] } }
    const payload = { organizationId: world.project.organizationId, runId: id, requestId: 'r' }
    const run = await runReconcile(stubborn, payload, { attempt: 1, maxAttempts: 1 })
    expect(run?.counts.unreferenced).toEqual({ found: 3, repaired: 2 })
  })

  it('gives way to a newer try', async () => {
    const { world, deps } = await createDisorder()
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
      await putObject(team, `uploads/${String(at).padStart(26, '0')}`, 1)
    world.clock.advance(RECONCILE_GRACE_MS + 1)
    const { run } = await reconcile(team, true)
    expect(run.failure).toMatch(/^Far too much differs/)
    const left = world.blobs.keys().length
    expect(left).toBe(FINDING_BATCH)
  })

  it('leaves no harm and repairs everything in the end, whichever call fails, loses its answer or is the last before a kill', async () => {
    const started = async () => {
      const team = await createDisorder()
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
