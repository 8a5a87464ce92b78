import { expect, it } from 'vitest'
import { audited, createWorld, fillSlot, sampleBytes, sendToGallery, THUMBNAIL } from '../testing/index.ts'
import { clearSlot } from './clear-slot.ts'
import { deleteEntity } from './delete-entity.ts'
import { REPLACED_GRACE_MS } from './entity.ts'
import { createShareLink, revokeShareLink } from './share-links.ts'
import { undoSlot } from './undo-slot.ts'

const [A, B] = [sampleBytes(1_000), sampleBytes(2_000)]
const address = { ...THUMBNAIL, projectId: null }

it('tells who replaced a picture, and what became of the one before', async () => {
  const world = await createWorld()
  const me = world.owner.actor.id
  const first = (await fillSlot(world, A)).image.id
  expect(audited(world)).toEqual([])
  const second = (await fillSlot(world, B)).image.id
  world.clock.advance(REPLACED_GRACE_MS)
  await world.runJobs()
  const replaced = [`${me} image.replaced ${first}`, `calotype image.deleted ${first}`]
  expect(audited(world)).toEqual(replaced)
  await undoSlot(world.deps, world.owner, address)
  const undone = [...replaced, `${me} image.restored ${first}`, `${me} image.replaced ${second}`]
  expect(audited(world)).toEqual(undone)
  const [entry] = world.memory.inspect().audit.values()
  expect(entry?.detail).toBe(`Image ${first} in the slot thumbnail of moc 42 was replaced by image ${second}.`)
  await clearSlot(world.deps, world.owner, address)
  expect(audited(world).slice(undone.length).sort()).toEqual(
    [first, second].map(id => `${me} image.deleted ${id}`).sort(),
  )
})

it('tells of a deleted entity once, with each of its images', async () => {
  const world = await createWorld()
  const me = world.owner.actor.id
  const inSlot = (await fillSlot(world, A)).image.id
  const { imageId: inGallery } = await sendToGallery(world, B)
  const entity = { type: 'moc', entityId: '42', projectId: null }
  await deleteEntity(world.deps, world.owner, entity)
  await deleteEntity(world.deps, world.owner, entity)
  expect(audited(world).sort()).toEqual(
    [...[inSlot, inGallery].map(id => `${me} image.deleted ${id}`), `${me} entity.deleted moc/42`].sort(),
  )
})

it('tells of a share link when it is made and when it is revoked, and never its token', async () => {
  const world = await createWorld()
  const me = world.owner.actor.id
  const { image } = await fillSlot(world, A)
  const shared = { imageId: image.id }
  const { link, token } = await createShareLink(world.deps, world.owner, {
    ...{ shared, expiresInSeconds: null, title: null },
  })
  await revokeShareLink(world.deps, world.owner, { linkId: link.id })
  await revokeShareLink(world.deps, world.owner, { linkId: link.id })
  expect(audited(world)).toEqual([`${me} share.created ${image.id}`, `${me} share.revoked ${image.id}`])
  expect(JSON.stringify([...world.memory.inspect().audit.values()])).not.toContain(token)
})
