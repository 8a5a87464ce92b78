import { describe, expect, it } from 'vitest'
import { deleteProject } from '../access/index.ts'
import { deleteImage, restoreImage } from '../images/index.ts'
import { contextOf, createWorld, sampleBytes, seedProject, upload, type World } from '../testing/index.ts'
import { openShareLink } from './open-share-link.ts'
import { createShareLink, getShareLink, listShareLinks, MAX_SHARE_LINKS, revokeShareLink } from './share-links.ts'

async function readyImage(world: World) {
  const { image } = await upload(world, sampleBytes(1_000))
  await world.runJobs()
  return image.id
}

const share = (world: World, imageId: string, expiresInSeconds: number | null = null, ctx = world.owner) =>
  createShareLink(world.deps, ctx, { shared: { imageId }, expiresInSeconds, title: null })

describe('a share link', () => {
  it('shows a picture until it expires, is revoked, or the picture is not there', async () => {
    const world = await createWorld()
    const imageId = await readyImage(world)
    const { link, token } = await share(world, imageId, 60)
    expect((await openShareLink(world.deps, token))?.cover.id).toBe(imageId)
    await deleteImage(world.deps, world.owner, { imageId })
    expect(await openShareLink(world.deps, token)).toBeNull()
    await restoreImage(world.deps, world.owner, { imageId })
    expect(await openShareLink(world.deps, token)).not.toBeNull()
    world.clock.advance(60_000)
    expect(await openShareLink(world.deps, token)).toBeNull()
    const second = await share(world, imageId)
    await revokeShareLink(world.deps, world.owner, { linkId: second.link.id })
    expect(await openShareLink(world.deps, second.token)).toBeNull()
    for (const wrong of ['', 'x', `${token}x`, link.id]) expect(await openShareLink(world.deps, wrong)).toBeNull()
    const listed = await listShareLinks(world.deps, world.owner, { shared: { imageId }, cursor: null, limit: 9 })
    expect(listed.items.map(each => each.id).sort()).toEqual([link.id, second.link.id].sort())
    expect(JSON.stringify([...world.memory.inspect().shareLinks.values()])).not.toContain(token)
  })

  it('shows nothing of a deleted project', async () => {
    const world = await createWorld()
    const { organizationId } = world.project
    await seedProject(world.memory, { organizationId, name: 'other' })
    const { token } = await share(world, await readyImage(world))
    await deleteProject(world.deps, world.owner, { projectId: world.project.id })
    expect(await openShareLink(world.deps, token)).toBeNull()
  })

  it('is for members and above, never for service keys or strangers', async () => {
    const world = await createWorld()
    const imageId = await readyImage(world)
    const { link } = await share(world, imageId, null, contextOf(world.project, { role: 'member' }))
    const viewer = contextOf(world.project, { role: 'viewer' })
    const service = contextOf(world.project, { kind: 'service', scopes: ['image.read', 'image.write'] })
    for (const ctx of [viewer, service]) {
      await expect(share(world, imageId, null, ctx)).rejects.toMatchObject({ code: 'forbidden' })
      await expect(getShareLink(world.deps, ctx, { linkId: link.id })).rejects.toMatchObject({ code: 'forbidden' })
    }
    const stranger = contextOf(await seedProject(world.memory))
    await expect(share(world, imageId, null, stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(revokeShareLink(world.deps, stranger, { linkId: link.id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('is one of a limited number', async () => {
    const world = await createWorld()
    const imageId = await readyImage(world)
    for (let n = 0; n < MAX_SHARE_LINKS; n++) await share(world, imageId, 60)
    await expect(share(world, imageId)).rejects.toMatchObject({ code: 'limit_reached' })
    world.clock.advance(60_000)
    await share(world, imageId)
  })
})
