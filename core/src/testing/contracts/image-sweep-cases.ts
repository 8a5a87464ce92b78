import { expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import type { Image, NewImage } from '../../images/index.ts'
import { testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const HOUR_MS = 3_600_000
const AT = new Date('2020-05-01T12:00:00.000Z')
const FAR = new Date('2120-01-01T00:00:00.000Z')
const later = (ms: number) => new Date(AT.getTime() + ms)
/** The database may be shared with other tests: no limit of theirs hides ours. */
const MANY = 100_000

export function imageSweepCases(db: () => Database): void {
  const among = (found: readonly Image[], ...images: Image[]) =>
    images.filter(image => found.some(each => each.id === image.id)).map(image => image.id)

  it('finds uploads whose URL expired, while they are still awaited', async () => {
    const project = await seedProject(db())
    const pending = (uploadExpiresAt: Date | null) =>
      seedImage(db(), project, { status: 'pending_upload', at: AT, image: { uploadExpiresAt } })
    const [expired, fresh, endless] = [await pending(later(0)), await pending(later(HOUR_MS)), await pending(null)]
    const arrived = await seedImage(db(), project, { at: AT, image: { uploadExpiresAt: AT } })
    const found = await db().images.findStaleUploads(later(1), MANY)
    expect(among(found, expired, fresh, endless, arrived)).toEqual([expired.id])
    expect(found.find(image => image.id === expired.id)).toEqual(expired)
    expect(await db().images.findStaleUploads(later(1), 0)).toEqual([])
  })

  it('finds images that wait although no job will run for them', async () => {
    const project = await seedProject(db())
    const seed = (status: Image['status'], at = AT) => seedImage(db(), project, { status, at })
    const [uploaded, processing, served] = [await seed('uploaded'), await seed('processing'), await seed('uploaded')]
    const others = [
      await seed('ready'),
      await seed('failed'),
      await seed('deleted'),
      await seed('uploaded', new Date()),
    ]
    const payload = { projectId: project.id, imageId: served.id, requestId: 'request' }
    await db().jobs.enqueue('image.process', payload, { key: `image.process:${served.id}` })
    const found = await db().images.findStranded(later(HOUR_MS), MANY)
    expect(among(found, uploaded, processing, served, ...others)).toEqual([uploaded.id, processing.id])
    const earlier = await db().images.findStranded(later(-HOUR_MS), MANY)
    expect(among(earlier, uploaded, processing)).toEqual([])
  })

  it('finds imports that wait although no job will run for them', async () => {
    const project = await seedProject(db())
    const origin = 'import' as const
    const seed = (image: Partial<NewImage> = {}) =>
      seedImage(db(), project, { status: 'pending_upload', at: AT, image: { origin, uploadExpiresAt: FAR, ...image } })
    const [lost, served] = [await seed(), await seed()]
    const others = [await seed({ origin: 'upload' }), await seed({ uploadExpiresAt: AT })]
    const payload = { projectId: project.id, imageId: served.id, requestId: 'request', url: 'https://a.test/a.jpg' }
    await db().jobs.enqueue('image.import', payload, { key: `image.import:${served.id}` })
    const find = (updatedBefore: Date) => db().images.findLostImports({ updatedBefore, now: later(1), limit: MANY })
    expect(among(await find(later(HOUR_MS)), lost, served, ...others)).toEqual([lost.id])
    expect(among(await find(later(-HOUR_MS)), lost)).toEqual([])
  })

  it('knows which objects belong to something', async () => {
    const project = await seedProject(db())
    const keyOf = (image: Image, recipe = 'r1') => `private/${project.id}/${image.id}/${recipe}/full.jpg`
    const withVariant = async (status: Image['status']) => {
      const image = await seedImage(db(), project, { status })
      const key = { projectId: project.id, imageId: image.id }
      await db().images.setVariants(key, 'r1', [testVariant(keyOf(image))])
      return image
    }
    const [ready, deleted, purging] = [
      await withVariant('ready'),
      await withVariant('deleted'),
      await withVariant('deleted'),
    ]
    await db().images.startPurge(project.id, purging.id, FAR)
    const pending = await seedImage(db(), project, { status: 'pending_upload' })
    const working = await seedImage(db(), project, { status: 'processing' })
    const belonging = [
      ready.originalKey ?? '',
      keyOf(ready),
      keyOf(deleted),
      `uploads/${pending.id}`,
      keyOf(working, 'r9'),
    ]
    const refused = await seedImage(db(), project, { status: 'failed' })
    await db().transaction(tx => tx.originals.markPurging(project.id, refused.originalKey ?? ''))
    // Restored it gets an attempt of its own, which writes elsewhere.
    const left = [keyOf(deleted, 'r9'), refused.originalKey ?? '']
    const orphans = [
      ...left,
      keyOf(purging),
      keyOf(ready, 'r0'),
      `uploads/${newId()}`,
      `private/${newId()}/${working.id}/r1/a`,
    ]
    const found = await db().images.findReferencedKeys([...belonging, ...orphans])
    expect([...found].sort()).toEqual([...belonging].sort())
    expect(await db().images.findReferencedKeys([])).toEqual(new Set())
  })

  it('names the images deleted since a moment', async () => {
    const project = await seedProject(db())
    const deleted = async (at: Date) => (await seedImage(db(), project, { status: 'deleted', at })).id
    const [before, at, after] = [await deleted(later(-1)), await deleted(AT), await deleted(later(HOUR_MS))]
    const alive = (await seedImage(db(), project, { at: AT })).id
    const found = await db().images.findDeletedSince(AT)
    expect([before, at, after, alive].filter(id => found.includes(id))).toEqual([at, after])
  })
}
