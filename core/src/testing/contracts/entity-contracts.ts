import { describe, expect, it } from 'vitest'
import type { Replacement } from '../../entities/index.ts'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

const AT = new Date('2026-03-01T10:00:00.000Z')
const LATER = new Date('2026-03-01T10:01:00.000Z')

const replacementOf = (projectId: string, slotId: string, imageId: string, more: Partial<Replacement> = {}) => ({
  ...{ projectId, slotId, imageId, number: 1, source: 'upload' as const, state: 'waiting' as const },
  ...{ by: { kind: 'api_key' as const, id: newId() }, acceptedAt: AT },
  ...{ placedAt: null, endedAt: null, releaseAt: null, reason: null },
  ...more,
})

/** What every store of slots does. */
export function slotStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`slot store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const slots = () => harness().database.slots
    const scene = async () => {
      const project = await seedProject(harness().database)
      const image = await seedImage(harness().database, project, { status: 'ready' })
      const key = { projectId: project.id, type: 'moc', entityId: '42', slot: 'thumbnail' }
      const slot = await slots().open(key, newId(), AT)
      return { project, image, key, slot, add: (more: Partial<Replacement> = {}) => add(slot.id, image.id, more) }
      async function add(slotId: string, imageId: string, more: Partial<Replacement>) {
        const made: Replacement = replacementOf(project.id, slotId, imageId, more)
        await slots().add(made)
        return made
      }
    }

    it('makes a slot once, and finds it by its names in its own project alone', async () => {
      const { key, slot } = await scene()
      expect(slot).toEqual({ ...key, id: slot.id, accepted: 0, placed: 0, updatedAt: AT })
      expect(await slots().open(key, newId(), LATER)).toEqual({ ...slot, updatedAt: LATER })
      await slots().open({ ...key, slot: 'banner' }, newId(), AT)
      expect(await slots().findNames(key)).toEqual(['banner', 'thumbnail'])
      expect((await slots().lockAll(key)).map(each => each.slot)).toEqual(['banner', 'thumbnail'])
      expect(await slots().lock(key.projectId, slot.id)).toMatchObject({ id: slot.id })
      const other = await scene()
      expect(await slots().lock(other.key.projectId, slot.id)).toBeNull()
      expect(await slots().find({ ...key, entityId: '43' })).toBeNull()
      expect((await slots().find(other.key))?.id).toBe(other.slot.id)
    })

    it('gives many who open it at once the same slot, one after the other', async () => {
      const { key, slot } = await scene()
      const numbers = await Promise.all(
        Array.from({ length: 10 }, () =>
          harness().database.transaction(async tx => {
            const opened = await tx.slots.open(key, newId(), AT)
            await tx.slots.save({ ...opened, accepted: opened.accepted + 1 })
            return opened.accepted + 1
          }),
        ),
      )
      expect(numbers.sort((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      expect(await slots().find(key)).toMatchObject({ id: slot.id, accepted: 10, placed: 0 })
    })

    it('keeps replacements by number, and what becomes of them', async () => {
      const { slot, add, project } = await scene()
      const first = await add()
      const second = await add({ number: 2 })
      const placed = { ...first, state: 'current' as const, placedAt: LATER }
      const dropped = { ...second, state: 'dropped' as const, endedAt: LATER, reason: 'superseded' }
      await slots().saveReplacements([placed, dropped])
      expect(await slots().findReplacement(project.id, slot.id, 1)).toEqual(placed)
      const list = (states: readonly Replacement['state'][]) => slots().listReplacements(project.id, slot.id, states, 9)
      expect(await list(['current', 'dropped'])).toEqual([dropped, placed])
      expect(await list(['waiting'])).toEqual([])
      expect(await slots().findReplacement((await scene()).project.id, slot.id, 1)).toBeNull()
    })

    it('swaps the current one in a transaction, whichever is written first', async () => {
      const { slot, add, project } = await scene()
      const first = await add({ state: 'current', placedAt: AT })
      const second = await add({ number: 2 })
      await harness().database.transaction(tx =>
        tx.slots.saveReplacements([
          { ...second, state: 'current', placedAt: LATER },
          { ...first, state: 'replaced', endedAt: LATER, releaseAt: LATER },
        ]),
      )
      const current = await slots().listReplacements(project.id, slot.id, ['current'], 9)
      expect(current.map(each => each.number)).toEqual([2])
    })

    it('tells which images are held and waited for', async () => {
      const { slot, image, add, project } = await scene()
      const first = await add()
      expect(await slots().findWaiting(project.id, image.id)).toEqual([slot.id])
      expect(await slots().findHeld(project.id, [image.id, newId()])).toEqual(new Set([image.id]))
      await slots().saveReplacements([{ ...first, state: 'past', placedAt: AT, endedAt: AT }])
      expect(await slots().findWaiting(project.id, image.id)).toEqual([])
      expect(await slots().findHeld(project.id, [image.id])).toEqual(new Set())
    })

    it('finds for the sweep what could have been settled', async () => {
      const { slot, add, project } = await scene()
      const found = async (before: Date) =>
        (await slots().findUnsettled(before, 1_000)).some(each => each.projectId === project.id && each.id === slot.id)
      const first = await add()
      expect([await found(AT), await found(LATER)]).toEqual([false, true])
      await slots().saveReplacements([{ ...first, state: 'replaced', placedAt: AT, endedAt: AT, releaseAt: AT }])
      expect([await found(AT), await found(LATER)]).toEqual([false, true])
      await slots().saveReplacements([{ ...first, state: 'past', placedAt: AT, endedAt: AT, releaseAt: null }])
      expect(await found(LATER)).toBe(false)
    })

    it('lets replacements go with their images, and forgets slots that nothing is left of', async () => {
      const { slot, image, key, add, project } = await scene()
      await add({ state: 'past', placedAt: AT, endedAt: AT })
      await slots().forgetEmpty(LATER, 1_000)
      expect(await slots().find(key)).not.toBeNull()
      await harness().database.images.remove(project.id, [image.id])
      expect(await slots().findReplacement(project.id, slot.id, 1)).toBeNull()
      await slots().forgetEmpty(AT, 1_000)
      expect(await slots().find(key)).not.toBeNull()
      await slots().forgetEmpty(LATER, 1_000)
      expect(await slots().find(key)).toBeNull()
    })
  })
}

/** What every store of galleries does. */
export function galleryStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`gallery store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const galleries = () => harness().database.galleries
    const scene = async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const entity = { projectId: project.id, type: 'moc', entityId: '42' }
      const gallery = await galleries().open(entity, newId())
      const images: string[] = []
      for (let n = 0; n < 3; n++) {
        const { id } = await seedImage(database, project, { status: 'ready' })
        images.push(id)
        await galleries().addEntry(project.id, gallery.id, { imageId: id, caption: null, addedAt: AT })
      }
      const order = async () => (await galleries().listEntries(project.id, gallery.id)).map(each => each.imageId)
      return { projectId: project.id, entity, gallery, images, order }
    }

    it('makes a gallery once, and finds it in its own project alone', async () => {
      const { entity, gallery, projectId } = await scene()
      expect(gallery).toEqual({ ...entity, id: gallery.id, primaryImageId: null })
      expect((await galleries().open(entity, newId())).id).toBe(gallery.id)
      expect(await galleries().lock(entity)).toEqual(gallery)
      expect(await galleries().load(projectId, gallery.id)).toEqual(gallery)
      const other = await scene()
      expect(await galleries().load(other.projectId, gallery.id)).toBeNull()
      expect(await galleries().find({ ...entity, entityId: 'x' })).toBeNull()
    })

    it('keeps entries in their order, with captions', async () => {
      const { projectId, gallery, images, order } = await scene()
      expect(await order()).toEqual(images)
      await galleries().setOrder(projectId, gallery.id, [...images].reverse())
      expect(await order()).toEqual([...images].reverse())
      const [first = '', second = ''] = images
      await galleries().setCaption(projectId, gallery.id, first, 'The roof')
      await galleries().removeEntry(projectId, gallery.id, second)
      const entries = await galleries().listEntries(projectId, gallery.id)
      expect(entries.find(each => each.imageId === first)).toEqual({ imageId: first, caption: 'The roof', addedAt: AT })
      expect(await order()).not.toContain(second)
    })

    it('tells which images another gallery holds', async () => {
      const { projectId, gallery, images, entity } = await scene()
      const [first = ''] = images
      expect(await galleries().findHeld(projectId, images, null)).toEqual(new Set(images))
      expect(await galleries().findHeld(projectId, images, gallery.id)).toEqual(new Set())
      const other = await galleries().open({ ...entity, entityId: '43' }, newId())
      await galleries().addEntry(projectId, other.id, { imageId: first, caption: null, addedAt: AT })
      expect(await galleries().findHeld(projectId, images, gallery.id)).toEqual(new Set([first]))
    })

    it('loses entries and primary with the record of an image', async () => {
      const { projectId, gallery, images, order, entity } = await scene()
      const [first = ''] = images
      await galleries().setPrimary(projectId, gallery.id, first)
      expect(await galleries().find(entity)).toMatchObject({ primaryImageId: first })
      await harness().database.images.remove(projectId, [first])
      expect(await galleries().find(entity)).toMatchObject({ primaryImageId: null })
      expect(await order()).toEqual(images.slice(1))
    })
  })
}

/** What every store of share links does. */
export function shareLinkStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`share link store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const links = () => harness().database.shareLinks
    const scene = async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const image = await seedImage(database, project, { status: 'ready' })
      const add = async (more: { expiresAt?: Date } = {}) => {
        const link = {
          ...{ id: newId(), projectId: project.id, target: { imageId: image.id }, title: 'Roof' },
          ...{ createdBy: { kind: 'user' as const, id: newId() }, createdAt: AT, expiresAt: LATER },
          ...{ revokedAt: null, views: 0, lastViewedAt: null },
          ...more,
        }
        const hash = randomSha256()
        await links().add(link, hash)
        return { link, hash }
      }
      return { project, image, add }
    }

    it('finds a link by its token, and by its id in its own organisation alone', async () => {
      const { project, add } = await scene()
      const { link, hash } = await add()
      expect(await links().findByToken(hash)).toEqual(link)
      expect(await links().findByToken(randomSha256())).toBeNull()
      expect(await links().find(project.organizationId, link.id)).toEqual(link)
      expect(await links().find(newId(), link.id)).toBeNull()
    })

    it('lists the links of a target, newest first, and counts the good ones', async () => {
      const { project, image, add } = await scene()
      const made = [(await add()).link, (await add({ expiresAt: AT })).link, (await add()).link]
      const ids = made
        .map(link => link.id)
        .sort()
        .reverse()
      const query = { projectId: project.id, target: { imageId: image.id }, before: null, limit: 9 }
      expect((await links().list(query)).map(link => link.id)).toEqual(ids)
      expect((await links().list({ ...query, before: ids[0] ?? '' })).map(link => link.id)).toEqual(ids.slice(1))
      expect(await links().findLiveCount(project.id, query.target, AT)).toBe(2)
      expect(await links().revoke(project.id, made[0]?.id ?? '', AT)).toBe(true)
      expect(await links().revoke(project.id, made[0]?.id ?? '', AT)).toBe(false)
      expect(await links().findLiveCount(project.id, query.target, AT)).toBe(1)
    })

    it('adds up views, and goes with the record of its image', async () => {
      const { project, image, add } = await scene()
      const { link, hash } = await add()
      const view = { id: link.id, projectId: project.id, count: 3, at: LATER }
      await links().noteViews([view, { ...view, id: newId() }])
      await links().noteViews([{ ...view, count: 1, at: AT }])
      expect(await links().findByToken(hash)).toMatchObject({ views: 4, lastViewedAt: LATER })
      await harness().database.images.remove(project.id, [image.id])
      expect(await links().findByToken(hash)).toBeNull()
    })
  })
}
