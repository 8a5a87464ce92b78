import { describe, expect, it } from 'vitest'
import type { Project } from '../../access/index.ts'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import type { Deletion, Image, ImageStatus, SimilarQuery } from '../../images/index.ts'
import { testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const AT = new Date('2020-06-01T12:00:00.000Z')
const DAY_MS = 86_400_000
const later = (days: number) => new Date(AT.getTime() + days * DAY_MS)
/** The database may be shared with other tests: no limit of theirs hides ours. */
const MANY = 100_000

const deletionOf = ({ projectId, id: imageId, status: from }: Image, days = 7): Deletion => ({
  ...{ projectId, imageId, from, purgeAt: later(days) },
})

export function imageTombstoneCases(db: () => Database): void {
  const seed = async (status: ImageStatus = 'ready', project?: Project) =>
    seedImage(db(), project ?? (await seedProject(db())), { status, at: AT })
  const load = (image: Image) => db().images.load(image.projectId, image.id)
  const bury = async (image: Image, days = 7) => void (await db().images.tombstone([deletionOf(image, days)], AT))
  const isDue = async (image: Image, now: Date) =>
    (await db().images.findDueTombstones(now, MANY)).some(each => each.id === image.id)
  const purge = async (image: Image, now: Date) => {
    await db().images.startPurge(image.projectId, image.id, now)
    await db().images.finishPurge(image.projectId, image.id)
  }

  describe('a tombstone', () => {
    it('is put on many images in one step, each with its former status, attempt and history line', async () => {
      const project = await seedProject(db())
      const images = [await seed('ready', project), await seed('pending_upload', project), await seed('failed')]
      await db().images.update({ projectId: project.id, imageId: images[0]?.id ?? '', status: 'ready' }, { attempt: 3 })
      const deleted = await db().images.tombstone(images.map(image => deletionOf(image)).reverse(), AT)
      expect(new Map(deleted.map(({ imageId, attempt }) => [imageId, attempt]))).toEqual(
        new Map(images.map((image, index) => [image.id, index === 0 ? 3 : 0])),
      )
      for (const image of images) {
        const found = await load(image)
        const expected = { status: 'deleted', formerStatus: image.status, deletedAt: AT, purgeAt: later(7) }
        expect(found).toMatchObject({ ...expected, purgeState: null, updatedAt: AT })
        expect(found?.history).toEqual([...image.history, { status: 'deleted', at: AT, detail: null }])
      }
      expect(await db().images.tombstone([], AT)).toEqual([])
    })

    it('is put on nothing that moved, is deleted already, or is somewhere else', async () => {
      const [image, other] = [await seed('uploaded'), await seedProject(db())]
      const deletion = deletionOf(image)
      const wrong = [
        { ...deletion, from: 'ready' as const },
        { ...deletion, projectId: other.id },
        { ...deletion, imageId: newId() },
      ]
      expect(await db().images.tombstone(wrong, AT)).toEqual([])
      expect(await load(image)).toEqual(image)
      await bury(image)
      expect(await db().images.tombstone([deletion, { ...deletion, from: 'deleted' }], later(1))).toEqual([])
      expect(await load(image)).toMatchObject({ deletedAt: AT })
    })

    it('is put on by one of many at the same moment, in whatever order they name the images', async () => {
      const project = await seedProject(db())
      const images = [await seed('ready', project), await seed('ready', project), await seed('ready', project)]
      const forwards = images.map(image => deletionOf(image))
      const all = await Promise.all(
        [forwards, [...forwards].reverse(), forwards].map(each =>
          db().transaction(tx => tx.images.tombstone(each, AT)),
        ),
      )
      const ids = all.flat().map(each => each.imageId)
      expect(ids.sort()).toEqual(images.map(image => image.id).sort())
    })

    it('keeps the reference to the original until the purge begins', async () => {
      const image = await seed('ready')
      await bury(image)
      const referring = async () => {
        const { projectId, originalKey } = image
        const [one, many] = [
          await db().images.findByOriginal(projectId, originalKey ?? ''),
          await db().images.findByOriginals(projectId, [originalKey ?? '']),
        ]
        expect(one).toEqual(many)
        return one.map(each => each.id)
      }
      expect(await referring()).toEqual([image.id])
      await db().images.startPurge(image.projectId, image.id, later(8))
      expect(await referring()).toEqual([])
    })
  })

  describe('the variants of deleted images', () => {
    it('are forgotten with what they weighed, where they are public', async () => {
      const project = await seedProject(db())
      const [two, none, other] = [await seed('ready', project), await seed('ready', project), await seed('ready')]
      const hidden = await seed('ready', project)
      for (const image of [two, other, hidden]) {
        const place = image === hidden ? 'private' : 'public'
        const key = { projectId: image.projectId, imageId: image.id }
        const variants = ['thumb', 'full'].map((name, index) =>
          testVariant(`${place}/${image.id}/${name}.jpg`, { name, sizeBytes: 10 + index }),
        )
        await db().images.setVariants(key, 'r', variants)
      }
      const ids = [two.id, none.id, other.id, hidden.id]
      expect(await db().images.withdrawVariants(project.id, ids)).toEqual([{ imageId: two.id, sizeBytes: 21 }])
      expect((await load(two))?.variants).toEqual([])
      for (const image of [other, hidden]) expect((await load(image))?.variants).toHaveLength(2)
      expect(await db().images.withdrawVariants(project.id, ids)).toEqual([])
    })
  })

  describe('a purge', () => {
    it('begins at its time and not before, again when it began, and only for what is deleted', async () => {
      const [image, living] = [await seed('ready'), await seed('ready')]
      await bury(image, 7)
      const start = (now: Date) => db().images.startPurge(image.projectId, image.id, now)
      expect(await start(new Date(later(7).getTime() - 1))).toBeNull()
      expect(await isDue(image, later(6.9))).toBe(false)
      expect(await isDue(image, later(7))).toBe(true)
      expect(await start(later(7))).toMatchObject({ id: image.id, purgeState: 'purging' })
      expect(await start(later(7))).toMatchObject({ id: image.id, originalKey: image.originalKey })
      expect(await isDue(image, later(7))).toBe(true)
      const finish = (each: Image) => db().images.finishPurge(each.projectId, each.id)
      expect([await finish(image), await finish(image)]).toEqual([true, false])
      expect(await start(later(9))).toBeNull()
      expect(await isDue(image, later(9))).toBe(false)
      expect(await db().images.startPurge(living.projectId, living.id, later(99))).toBeNull()
      expect(await finish(living)).toBe(false)
      expect(await load(living)).toEqual(living)
    })

    it('is not begun for what was restored, and what it began cannot be restored', async () => {
      const [restored, purging] = [await seed('ready'), await seed('ready')]
      const restore = ({ projectId, id: imageId }: Image) => {
        const change = { deletedAt: null, purgeAt: null, formerStatus: null }
        return db().images.move({ projectId, imageId, from: 'deleted', to: 'ready', at: AT, detail: null, change })
      }
      for (const image of [restored, purging]) await bury(image, 0)
      expect(await restore(restored)).toMatchObject({ status: 'ready', purgeAt: null, formerStatus: null })
      expect(await db().images.startPurge(restored.projectId, restored.id, later(1))).toBeNull()
      await db().images.startPurge(purging.projectId, purging.id, later(1))
      expect(await restore(purging)).toBeNull()
    })

    it('and a restore at the same moment: one of them wins', async () => {
      const project = await seedProject(db())
      for (let round = 0; round < 20; round++) {
        const image = await seed('ready', project)
        await bury(image, 0)
        const { projectId, id: imageId } = image
        const change = { deletedAt: null, purgeAt: null, formerStatus: null }
        const [restored, purging] = await Promise.all([
          db().transaction(async tx => {
            const current = await tx.images.load(projectId, imageId, { lock: true })
            if (current?.purgeState !== null) return null
            const how = { from: 'deleted', to: 'ready', at: AT, detail: null, change } as const
            return tx.images.move({ projectId, imageId, ...how })
          }),
          db().images.startPurge(projectId, imageId, later(1)),
        ])
        expect([restored, purging].filter(each => each !== null)).toHaveLength(1)
        expect((await load(image))?.purgeState ?? null).toBe(restored ? null : 'purging')
      }
    })

    it('hides the image from everybody who calls, and leaves nothing of it but a mark for delivery', async () => {
      const project = await seedProject(db())
      const image = await seed('ready', project)
      await bury(image, 0)
      const address = { organizationId: project.organizationId, imageId: image.id }
      const seen = async () => [
        await db().images.find(project.organizationId, image.id),
        (await db().images.findMany(project.organizationId, [image.id]))[0] ?? null,
        (await db().images.findVersions([address]))[0] ?? null,
        (await db().images.list({ ...DELETED, projectId: project.id }))[0] ?? null,
      ]
      expect((await seen()).every(each => each !== null)).toBe(true)
      await db().images.startPurge(project.id, image.id, later(1))
      expect(await seen()).toEqual([null, null, null, null])
      await db().images.finishPurge(project.id, image.id)
      const left = { originalKey: null, variants: [], metadata: null, placeholder: null, perceptualHash: null }
      expect(await load(image)).toMatchObject({ ...left, purgeState: 'purged' })
      expect(await db().images.findDeletedSince(AT)).toContain(image.id)
    })

    it('is forgotten when neither a URL nor an upload can remember it', async () => {
      const project = await seedProject(db())
      const image = { uploadExpiresAt: later(5) }
      const late = await seedImage(db(), project, { status: 'pending_upload', at: AT, image })
      const [past, kept] = [await seed('ready'), await seed('ready')]
      for (const each of [late, past, kept]) await bury(each, 0)
      for (const each of [late, past]) await purge(each, later(0))
      await db().images.forgetPurged(AT, MANY)
      expect(await load(past)).not.toBeNull()
      expect(await db().images.forgetPurged(later(3), MANY)).toBeGreaterThanOrEqual(1)
      expect([await load(past), (await load(late))?.id, (await load(kept))?.id]).toEqual([null, late.id, kept.id])
      await db().images.forgetPurged(later(6), MANY)
      expect([await load(late), (await load(kept))?.id]).toEqual([null, kept.id])
    })
  })

  describe('near duplicates', () => {
    it('are found by how many bits differ, the nearest first, in one project, among the newest', async () => {
      const project = await seedProject(db())
      const looking = async (perceptualHash: string | null, of = project, status: ImageStatus = 'ready') =>
        (await seedImage(db(), of, { status, change: { perceptualHash } })).id
      const far = await looking('ffffffffffffffff')
      const near = await looking('8f1e2d3c4b5a6979')
      const same = await looking('0f1e2d3c4b5a6978')
      const alsoSame = await looking('0f1e2d3c4b5a6978')
      await looking('0f1e2d3c4b5a6978', await seedProject(db()))
      await looking('0f1e2d3c4b5a6978', project, 'deleted')
      await looking(null)
      const query = { projectId: project.id, perceptualHash: '0f1e2d3c4b5a6978', distance: 8, scan: 100, limit: 50 }
      const find = async (more: Partial<SimilarQuery> = {}) =>
        (await db().images.findSimilar({ ...query, ...more })).map(image => image.id)
      const twins = [same, alsoSame].sort().reverse()
      expect(await find()).toEqual([...twins, near])
      expect(await find({ distance: 1 })).toEqual(twins)
      expect(await find({ distance: 2 })).toEqual([...twins, near])
      expect(await find({ distance: 64 })).toEqual([...twins, near, far])
      expect(await find({ limit: 1 })).toEqual(twins.slice(0, 1))
      expect(await find({ distance: 64, scan: 3 })).toEqual([...twins, near])
      expect(await find({ perceptualHash: '00000000ffffffff', distance: 3 })).toEqual([])
    })
  })
}

const DELETED = {
  ...{ status: 'deleted' as const, contentType: null, camera: null, reference: null, attributes: {} },
  ...{ from: null, to: null, search: null, before: null, limit: 50 },
}
