import { expect, it } from 'vitest'
import type { Database } from '../../database.ts'
import { newId } from '../../ids.ts'
import { type Image, type ImageReassignment, imageConflict } from '../../images/index.ts'
import { randomSha256, testNewImage, testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const AT = new Date('2026-04-04T10:20:30.123Z')

export function imageReassignCases(db: () => Database): void {
  async function scene() {
    const from = await seedProject(db())
    const to = await seedProject(db(), { organizationId: from.organizationId, name: 'other' })
    const { id } = await seedImage(db(), from, { status: 'ready' })
    const keys = ['full', 'thumb'].map(name => ({
      from: `private/${from.id}/${id}/r/${name}.jpg`,
      to: `x/${id}/${name}.jpg`,
    }))
    const variants = keys.map((key, index) => testVariant(key.from, { name: index === 0 ? 'full' : 'thumb' }))
    await db().images.setVariants({ projectId: from.id, imageId: id }, 'r', variants)
    const image = await db().images.load(from.id, id)
    if (!image) throw new Error('The image is not there')
    const originalKey = `uploads/${newId()}`
    const move = {
      image,
      toProjectId: to.id,
      originalKey,
      renamed: keys,
      change: { alt: 'Moved' },
      at: AT,
      detail: 'moved',
    }
    return { from, to, image, move }
  }
  const reassign = (move: ImageReassignment): Promise<Image> =>
    db().transaction(async tx => {
      const { toProjectId: projectId, originalKey } = move
      if (originalKey)
        await tx.originals.add({ projectId, objectKey: originalKey, sha256: randomSha256(), sizeBytes: 1 })
      const moved = await tx.images.reassign(move)
      if (!moved) throw imageConflict()
      return moved
    })

  it('puts an image with its variants and history into another project', async () => {
    const { from, to, image, move } = await scene()
    const moved = await reassign(move)
    expect(moved).toEqual({
      ...image,
      projectId: to.id,
      originalKey: move.originalKey,
      alt: 'Moved',
      updatedAt: AT,
      variants: image.variants.map((variant, index) => ({ ...variant, objectKey: move.renamed[index]?.to })),
      history: [...image.history, { status: 'ready', at: AT, detail: 'moved' }],
    })
    expect(await db().images.load(to.id, image.id)).toEqual(moved)
    expect(await db().images.load(from.id, image.id)).toBeNull()
    expect(await db().images.findByOriginal(from.id, image.originalKey ?? '')).toEqual([])
  })

  it('moves the variants alone where the project stays', async () => {
    const { from, image, move } = await scene()
    const { originalKey } = image
    const own = { ...move, toProjectId: from.id, originalKey, change: {} }
    const moved = await db().transaction(tx => tx.images.reassign(own))
    expect(moved).toMatchObject({ projectId: from.id, originalKey, alt: image.alt, status: 'ready' })
    expect(moved?.variants.map(variant => variant.objectKey)).toEqual(move.renamed.map(key => key.to))
    expect(await db().images.load(from.id, image.id)).toEqual(moved)
  })

  it('moves nothing that is no longer what it was, and nothing to a project that is not there', async () => {
    const { from, image, move } = await scene()
    const [first] = move.renamed
    const attempts: ImageReassignment[] = [
      { ...move, image: { ...image, status: 'failed' } },
      { ...move, image: { ...image, attempt: image.attempt + 1 } },
      { ...move, image: { ...image, originalKey: `uploads/${newId()}` } },
      { ...move, image: { ...image, projectId: newId() } },
      { ...move, renamed: first ? [first] : [] },
      { ...move, renamed: move.renamed.map(key => ({ ...key, from: `${key.from}x` })) },
    ]
    for (const attempt of attempts) await expect(reassign(attempt)).rejects.toMatchObject({ code: 'conflict' })
    await expect(reassign({ ...move, toProjectId: newId(), originalKey: null })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await db().images.load(from.id, image.id)).toEqual(image)
  })

  it('adds many images in one step, each with its history line', async () => {
    const project = await seedProject(db())
    const labels = { alt: 'A', reference: 'r', attributes: { floor: 3, deep: { a: ['ü'] } } }
    const images = [testNewImage(project.id), testNewImage(project.id, labels)]
    await db().images.insertMany(images, AT)
    await db().images.insertMany([], AT)
    for (const image of images)
      expect(await db().images.load(project.id, image.id)).toMatchObject({
        ...image,
        createdAt: AT,
        history: [{ at: AT }],
      })
    const filter = { floor: ['3', 3] }
    const found = await db().images.list({ ...EVERYTHING, projectId: project.id, attributes: filter })
    expect(found.map(image => image.id)).toEqual([images[1]?.id])
    const change = { alt: null, attributes: { floor: '3' } }
    await db().images.update({ projectId: project.id, imageId: images[0]?.id ?? '', status: 'pending_upload' }, change)
    expect(await db().images.list({ ...EVERYTHING, projectId: project.id, attributes: filter })).toHaveLength(2)
  })

  it('finds many originals and what refers to them', async () => {
    const project = await seedProject(db())
    const images = [await seedImage(db(), project), await seedImage(db(), project), await seedImage(db(), project)]
    const hashes = images.slice(0, 2).map(image => image.sha256 ?? '')
    const originals = await db().originals.lockManyBySha256(project.id, [...hashes, randomSha256()])
    expect(originals.map(original => original.sha256)).toEqual([...hashes].sort())
    const keys = originals.map(original => original.objectKey)
    const found = await db().images.findByOriginals(project.id, keys)
    expect(found.map(image => image.id)).toEqual([images[1]?.id, images[0]?.id].sort().reverse())
    expect(await db().images.findByOriginals(newId(), keys)).toEqual([])
    expect(await db().originals.lockManyBySha256(project.id, [])).toEqual([])
  })
}

const EVERYTHING = {
  ...{
    status: null,
    contentType: null,
    camera: null,
    reference: null,
    from: null,
    to: null,
    search: null,
    before: null,
  },
  limit: 50,
}
