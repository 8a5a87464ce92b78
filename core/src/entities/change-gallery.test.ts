import { describe, expect, it } from 'vitest'
import { deleteImage, restoreImage } from '../images/index.ts'
import {
  createWorld,
  fillSlot,
  sampleBytes,
  seedImage,
  sendToGallery,
  sendToSlot,
  type World,
} from '../testing/index.ts'
import { addToGallery } from './add-to-gallery.ts'
import { captionImage, orderGallery, removeFromGallery, setPrimary } from './change-gallery.ts'
import { deleteEntity } from './delete-entity.ts'
import { MAX_CAPTION_LENGTH, MAX_GALLERY_IMAGES } from './entity.ts'
import { getGallery } from './get-gallery.ts'
import { setSlot } from './replace-slot.ts'

const entity = { type: 'moc', entityId: '42', projectId: null }
const view = (world: World) => getGallery(world.deps, world.owner, entity)
const ids = async (world: World) => (await view(world)).items.map(item => item.imageId)
const statusOf = (world: World, id: string) => world.memory.inspect().images.get(id)?.status

async function filled() {
  const world = await createWorld()
  const images: string[] = []
  for (const size of [1_000, 2_000, 3_000]) images.push((await sendToGallery(world, sampleBytes(size))).imageId)
  await world.runJobs()
  const [first = '', second = '', third = ''] = images
  return { world, first, second, third }
}

describe('a gallery', () => {
  it('keeps the order that was given, and refuses any that is not complete', async () => {
    const { world, first, second, third } = await filled()
    expect(await ids(world)).toEqual([first, second, third])
    const order = (imageIds: string[]) => orderGallery(world.deps, world.owner, { ...entity, imageIds })
    await order([third, first, second])
    expect(await ids(world)).toEqual([third, first, second])
    await expect(order([third, first])).rejects.toMatchObject({
      code: 'gallery_mismatch',
      details: { missing: [second], unknown: [] },
    })
    await expect(order([third, first, second, second])).rejects.toMatchObject({ code: 'gallery_mismatch' })
    expect(await ids(world)).toEqual([third, first, second])
  })

  it('loses a deleted picture and has it back when it is restored', async () => {
    const { world, first, second, third } = await filled()
    await setPrimary(world.deps, world.owner, { ...entity, imageId: second })
    await deleteImage(world.deps, world.owner, { imageId: second })
    expect(await view(world)).toMatchObject({ primaryImageId: first })
    await orderGallery(world.deps, world.owner, { ...entity, imageIds: [third, first] })
    await restoreImage(world.deps, world.owner, { imageId: second })
    expect([await ids(world), (await view(world)).primaryImageId]).toEqual([[third, first, second], second])
  })

  it('leaves a removed picture to the slot that shows it', async () => {
    const { world, first } = await filled()
    const slot = { type: 'moc', entityId: '7', slot: 'thumbnail', projectId: null }
    await setSlot(world.deps, world.owner, { ...slot, imageId: first })
    await removeFromGallery(world.deps, world.owner, { ...entity, imageId: first })
    expect([statusOf(world, first), (await ids(world)).includes(first)]).toEqual(['ready', false])
    await expect(removeFromGallery(world.deps, world.owner, { ...entity, imageId: first })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('takes a picture twice as once, and captions up to their limit', async () => {
    const { world, first } = await filled()
    await addToGallery(world.deps, world.owner, { ...entity, imageId: first, caption: null })
    expect(await ids(world)).toHaveLength(3)
    const say = (caption: string) => captionImage(world.deps, world.owner, { ...entity, imageId: first, caption })
    await say('ß'.repeat(MAX_CAPTION_LENGTH))
    await expect(say('ß'.repeat(MAX_CAPTION_LENGTH + 1))).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('is full at its limit, which deleted pictures do not count for', { timeout: 60_000 }, async () => {
    const { world, first } = await filled()
    const gallery = [...world.memory.inspect().galleries.values()][0]
    const extra = await seedImage(world.memory, world.project, { status: 'ready' })
    await world.memory.transaction(async tx => {
      for (let n = 3; n < MAX_GALLERY_IMAGES; n++) {
        const image = await tx.images.insert(
          { ...extra, id: `01K0000000000000000000${String(n).padStart(4, '0')}`, status: 'uploaded' },
          world.clock.now(),
        )
        await tx.galleries.addEntry(world.project.id, gallery?.id ?? '', {
          ...{ imageId: image.id, caption: null, addedAt: world.clock.now() },
        })
      }
    })
    const add = () => addToGallery(world.deps, world.owner, { ...entity, imageId: extra.id, caption: null })
    await expect(add()).rejects.toMatchObject({ code: 'limit_reached' })
    await deleteImage(world.deps, world.owner, { imageId: first })
    await add()
    expect(await ids(world)).toHaveLength(MAX_GALLERY_IMAGES)
  })
})

describe('an entity', () => {
  it('goes with every picture of its slots and its gallery, what waits included', async () => {
    const { world } = await filled()
    await fillSlot(world, sampleBytes(4_000))
    await sendToSlot(world, sampleBytes(5_000))
    await sendToSlot(world, sampleBytes(6_000), { type: 'moc', entityId: '42', slot: 'banner' })
    const other = await fillSlot(world, sampleBytes(7_000), { type: 'moc', entityId: '43', slot: 'thumbnail' })
    await deleteEntity(world.deps, world.owner, entity)
    await deleteEntity(world.deps, world.owner, entity)
    await world.runJobs()
    const living = [...world.memory.inspect().images.values()].filter(image => image.status !== 'deleted')
    expect(living.map(image => image.id)).toEqual([other.image.id])
    expect(await ids(world)).toEqual([])
  })
})
