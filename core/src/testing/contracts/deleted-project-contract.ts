import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import { testNewImage } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const NOW = new Date('2026-03-01T12:00:00.000Z')
const LATER = new Date('2026-03-02T12:00:00.000Z')

/** What every database does with a project that is deleted, until nothing of it is left. */
export function deletedProjectContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`deleted project contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database
    const remove = (projectId: string) => db().transaction(tx => tx.projects.markDeleted(projectId, NOW))

    it('is there no longer, with its images', async () => {
      const project = await seedProject(db())
      const { id, organizationId } = project
      const image = await seedImage(db(), project)
      expect(await db().transaction(tx => tx.projects.lock(id))).toEqual(project)
      await remove(id)
      expect(await db().projects.find(organizationId, id)).toBeNull()
      expect(await db().projects.findDefault(organizationId, null)).toBeNull()
      expect(await db().projects.load(id)).toBeNull()
      expect(await db().transaction(tx => tx.projects.lock(id))).toBeNull()
      expect(await db().projects.list(organizationId, null)).toEqual([])
      expect(await db().projects.listPage({ organizationId, projectIds: null, before: null, limit: 9 })).toEqual([])
      expect(await db().images.find(organizationId, image.id)).toBeNull()
      expect(await db().images.findMany(organizationId, [image.id])).toEqual([])
      expect(await db().images.findVersions([{ organizationId, imageId: image.id }])).toEqual([null])
      expect(await db().images.load(id, image.id)).toMatchObject({ id: image.id })
    })

    it('takes nothing in any more', async () => {
      const project = await seedProject(db())
      await remove(project.id)
      const inserted = db().images.insert(testNewImage(project.id), NOW)
      await expect(inserted).rejects.toMatchObject({ code: 'not_found' })
      const many = db().images.insertMany([testNewImage(project.id)], NOW)
      await expect(many).rejects.toMatchObject({ code: 'not_found' })
      const unknown = db().images.insert(testNewImage(newId()), NOW)
      await expect(unknown).rejects.toMatchObject({ code: 'not_found' })
      expect(await db().images.findSome(project.id, 'all', 1)).toEqual([])
    })

    it('waits for what is coming in just now, which is seen afterwards', async () => {
      const project = await seedProject(db())
      let inserted = () => {}
      const isIn = new Promise<void>(resolve => {
        inserted = resolve
      })
      const upload = db().transaction(async tx => {
        await tx.images.insert(testNewImage(project.id), NOW)
        inserted()
        await new Promise(resolve => setTimeout(resolve, 100))
      })
      await isIn
      await remove(project.id)
      expect(await db().images.findSome(project.id, 'all', 5)).toHaveLength(1)
      await upload
    })

    it('keeps the records of its images for the job that removes them', async () => {
      const project = await seedProject(db(), { settings: { retentionDays: 0 } })
      const image = await seedImage(db(), project, { status: 'deleted', at: new Date(0) })
      const open = await seedImage(db(), project)
      await remove(project.id)
      expect(await db().images.startPurge(project.id, image.id, LATER)).toBeNull()
      await db().images.forgetPurged(LATER, 1_000)
      const ids = async (which: 'all' | 'not_deleted') =>
        (await db().images.findSome(project.id, which, 9)).map(each => each.id).sort()
      expect(await ids('all')).toEqual([image.id, open.id].sort())
      expect(await ids('not_deleted')).toEqual([open.id])
      expect(await db().images.findSome(project.id, 'all', 1)).toHaveLength(1)
      await expect(db().projects.remove(project.id, NOW)).rejects.toThrow()
      await db().transaction(async tx => {
        await tx.images.remove(project.id, [image.id, open.id])
        for (const { originalKey } of [image, open]) await tx.originals.remove(project.id, originalKey ?? '')
      })
      expect(await db().images.findSome(project.id, 'all', 1)).toEqual([])
    })

    it('is forgotten by its events, its row and in the end by delivery', async () => {
      const project = await seedProject(db())
      const { id, organizationId } = project
      const other = await seedProject(db(), { organizationId, name: 'other' })
      const event = { projectId: id, type: 'image.status' as const, payload: {} }
      await db().events.appendMany([event, event, event])
      await db().projects.remove(id, NOW)
      expect(await db().projects.load(id)).toEqual(project)
      await remove(id)
      await remove(id)
      expect(await db().projects.findDeleted(id)).toEqual({ organizationId })
      expect(await db().projects.findDeleted(other.id)).toBeNull()
      expect(await db().projects.findDeletedIds(organizationId)).toEqual([id])
      expect(await db().projects.findRevoked(LATER)).toContain(id)
      expect(await db().events.forget(id, 2)).toBe(2)
      expect(await db().events.forget(id, 2)).toBe(1)
      expect(await db().events.forget(id, 2)).toBe(0)
      await db().projects.remove(id, NOW)
      await db().projects.remove(id, LATER)
      expect(await db().projects.findDeleted(id)).toBeNull()
      expect(await db().projects.findDeletedIds(organizationId)).toEqual([])
      expect(await db().projects.findRevoked(NOW)).toContain(id)
      expect(await db().projects.findRevoked(LATER)).not.toContain(id)
      expect(await db().projects.findRevoked(LATER)).not.toContain(other.id)
      await db().projects.forgetRemoved(NOW)
      expect(await db().projects.findRevoked(NOW)).toContain(id)
      expect(await db().projects.forgetRemoved(LATER)).toBeGreaterThan(0)
      expect(await db().projects.findRevoked(NOW)).not.toContain(id)
    })

    it('leaves usage to be counted', async () => {
      const project = await seedProject(db())
      await remove(project.id)
      await db().projects.remove(project.id, NOW)
      await db().usage.record([{ projectId: project.id, cause: `late:${project.id}`, purpose: 'variant', puts: 1 }])
    })
  })
}
