import { expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import { testNewImage, testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const AT = new Date('2026-02-01T10:20:30.123Z')

export function imageLookupCases(db: () => Database): void {
  it('keeps every field of a new image and answers the rest empty', async () => {
    const project = await seedProject(db())
    const given = testNewImage(project.id, {
      origin: 'import',
      fileName: 'Dach “Süd” 屋根 🏠.jpg',
      declaredSize: 4_167_727_000,
      declaredSha256: 'ab'.repeat(32),
      uploadExpiresAt: new Date('2026-02-01T10:35:30.456Z'),
      uploadedBy: { kind: 'service', id: 'importer' },
      priority: 'high',
      analysis: { status: 'queued', types: ['damage', 'rust'], result: null, updatedAt: AT },
    })
    const inserted = await db().images.insert(given, AT)
    expect(inserted).toMatchObject(given)
    expect(inserted).toMatchObject({
      contentType: null,
      metadata: null,
      variants: [],
      failure: null,
      attempt: 0,
      engineFailures: 0,
      attributes: {},
      history: [{ status: 'pending_upload', at: AT, detail: null }],
      createdAt: AT,
      updatedAt: AT,
      deletedAt: null,
    })
    expect(await db().images.find(project.organizationId, given.id)).toEqual(inserted)
    expect(await db().images.load(project.id, given.id)).toEqual(inserted)
  })

  it('shows an image to its own organisation alone', async () => {
    const [mine, other] = [await seedProject(db()), await seedProject(db())]
    const image = await seedImage(db(), mine)
    expect(await db().images.find(mine.organizationId, image.id)).not.toBeNull()
    expect(await db().images.find(other.organizationId, image.id)).toBeNull()
    expect(await db().images.find(newId(), image.id)).toBeNull()
    expect(await db().images.findMany(other.organizationId, [image.id])).toEqual([])
  })

  it('loads an image by its own project alone', async () => {
    const mine = await seedProject(db())
    const sibling = await seedProject(db(), { organizationId: mine.organizationId, name: 'sibling' })
    const image = await seedImage(db(), mine)
    expect(await db().images.load(sibling.id, image.id)).toBeNull()
    expect(await db().images.load(mine.id, newId())).toBeNull()
    expect(await db().images.find(mine.organizationId, image.id)).not.toBeNull()
  })

  it('finds many at once, over the projects of the organisation, and leaves out what is not there', async () => {
    const one = await seedProject(db())
    const two = await seedProject(db(), { organizationId: one.organizationId, name: 'two' })
    const other = await seedProject(db())
    const own = [await seedImage(db(), one), await seedImage(db(), two), await seedImage(db(), two)]
    const foreign = await seedImage(db(), other)
    const asked = [...own.map(image => image.id), foreign.id, newId()]
    const found = await db().images.findMany(one.organizationId, asked)
    expect(found.map(image => image.id).sort()).toEqual(own.map(image => image.id).sort())
    expect(await db().images.findMany(one.organizationId, [])).toEqual([])
  })

  it('tells by a version whether an image has changed, to its own organisation alone', async () => {
    const [mine, other] = [await seedProject(db()), await seedProject(db())]
    const image = await seedImage(db(), mine, { status: 'processing' })
    const neighbour = await seedImage(db(), mine)
    const address = { organizationId: mine.organizationId, imageId: image.id }
    const version = async () => (await db().images.findVersions([address]))[0]?.version ?? ''
    const key = { projectId: mine.id, imageId: image.id }
    const seen = [await version()]
    expect(await version()).toBe(seen[0])
    const changes = [
      () => db().images.setVariants(key, 'r1', [testVariant(`private/${mine.id}/${image.id}/r1/full.jpg`, {})]),
      () => db().images.update({ ...key, status: 'processing' }, { width: 7 }),
      () => db().images.move({ ...key, from: 'processing', to: 'ready', at: AT, detail: null, change: {} }),
      () => db().images.setVariants(key, 'r1', []),
    ]
    for (const change of changes) {
      await change()
      seen.push(await version())
    }
    expect(new Set(seen).size).toBe(changes.length + 1)

    const foreign = { organizationId: other.organizationId, imageId: image.id }
    const nobody = { organizationId: mine.organizationId, imageId: newId() }
    const beside = { organizationId: mine.organizationId, imageId: neighbour.id }
    const found = await db().images.findVersions([foreign, address, nobody, beside, address])
    expect(found.map(each => each?.imageId ?? null)).toEqual([null, image.id, null, neighbour.id, image.id])
    expect(found[1]).toMatchObject({ projectId: mine.id })
    expect(await db().images.findVersions([])).toEqual([])
  })

  it('refuses a second image with the same id', async () => {
    const project = await seedProject(db())
    const image = testNewImage(project.id)
    await db().images.insert(image, AT)
    await expect(db().images.insert(image, AT)).rejects.toThrow()
  })

  it('finds the images that refer to an original, newest first, those that can be restored included', async () => {
    const [project, other] = [await seedProject(db()), await seedProject(db())]
    const first = await seedImage(db(), project)
    const originalKey = first.originalKey ?? ''
    const same = { originalKey, sha256: first.sha256 }
    const ids = [first.id]
    for (const status of ['ready', 'failed', 'deleted'] as const) {
      const image = await seedImage(db(), project, { status, image: same })
      ids.push(image.id)
    }
    await seedImage(db(), project)
    const found = await db().images.findByOriginal(project.id, originalKey)
    expect(found.map(image => image.id)).toEqual(ids.sort().reverse())
    expect(await db().images.findByOriginal(other.id, originalKey)).toEqual([])
  })

  it('replaces variants, in their order', async () => {
    const project = await seedProject(db())
    const image = await seedImage(db(), project, { status: 'ready' })
    const key = { projectId: project.id, imageId: image.id }
    const variant = (name: string, format: 'avif' | 'jpeg', recipe: string) =>
      testVariant(`private/${project.id}/${image.id}/${recipe}/${name}.${format}`, { name, format })
    const first = [variant('thumb', 'avif', 'r1'), variant('thumb', 'jpeg', 'r1'), variant('full', 'jpeg', 'r1')]
    await db().images.setVariants(key, 'r1', first)
    expect((await db().images.load(project.id, image.id))?.variants).toEqual(first)
    const second = [variant('full', 'jpeg', 'r2'), variant('thumb', 'jpeg', 'r2')]
    await db().images.setVariants(key, 'r2', second)
    expect((await db().images.find(project.organizationId, image.id))?.variants).toEqual(second)
    await db().images.setVariants(key, 'r2', [])
    expect((await db().images.load(project.id, image.id))?.variants).toEqual([])
  })
}
