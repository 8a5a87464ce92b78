import { describe, expect, it } from 'vitest'
import { newId } from '../ids.ts'
import { contextOf, createWorld, sampleBytes, seedImage, seedProject, upload, type World } from '../testing/index.ts'
import { IMAGE_STATUSES } from './image.ts'
import { signUrl, signUrls } from './sign-urls.ts'

const LIFE = 600

async function ready() {
  const world = await createWorld()
  const { image } = await upload(world, sampleBytes(500))
  await world.runJobs()
  const wanted = { imageId: image.id, variant: 'full', format: null, includeVariants: false }
  return { world, image, wanted }
}

const expiryAt = (world: World) => (Math.floor(world.clock.now().getTime() / 1000 / LIFE) + 2) * LIFE

describe('a signed URL', () => {
  it('stands for all formats of the variant unless one is named', async () => {
    const { world, image, wanted } = await ready()
    const folder = `https://cdn.test/private/${image.projectId}/${image.id}`
    const expires = expiryAt(world)
    const { downloadUrl, expiresAt, variants } = await signUrl(world.deps, world.owner, wanted)
    expect(downloadUrl).toMatch(new RegExp(`^${folder}/[0-9a-f]{12}/full\\?expires=${expires}$`))
    expect(expiresAt).toEqual(new Date(expires * 1000))
    expect(variants).toBeNull()
    const webp = await signUrl(world.deps, world.owner, { ...wanted, variant: 'thumb', format: 'webp' })
    expect(webp.downloadUrl).toMatch(/\/thumb\.webp\?/)
  })

  it('comes with those of every variant and format when asked for', async () => {
    const { world, wanted } = await ready()
    const { variants } = await signUrl(world.deps, world.owner, { ...wanted, includeVariants: true })
    expect(Object.keys(variants ?? {}).sort()).toEqual(['full', 'thumb'])
    for (const [name, formats] of Object.entries(variants ?? {})) {
      expect(Object.keys(formats).sort()).toEqual(['avif', 'jpeg', 'webp'])
      expect(formats.jpeg).toMatch(new RegExp(`/${name}\\.jpg\\?expires=${expiryAt(world)}$`))
    }
  })

  it('is the same for everybody within a window, and another in the next', async () => {
    const { world, wanted } = await ready()
    const url = async (ctx = world.owner) => (await signUrl(world.deps, ctx, wanted)).downloadUrl
    const first = await url()
    world.clock.advance((LIFE - 1) * 1000)
    expect(await url(contextOf(world.project, { role: 'viewer' }))).toBe(first)
    world.clock.advance(1_000)
    expect(await url()).not.toBe(first)
  })

  it('is not given for what is not there', async () => {
    const { world, wanted } = await ready()
    const unknown = [{ variant: 'poster' }, { imageId: newId() }, { variant: 'original' }]
    for (const change of unknown)
      await expect(signUrl(world.deps, world.owner, { ...wanted, ...change })).rejects.toMatchObject({
        code: 'not_found',
      })
    const jpegOnly = await seedImage(world.memory, world.project, { status: 'ready' })
    await expect(signUrl(world.deps, world.owner, { ...wanted, imageId: jpegOnly.id })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it.each(IMAGE_STATUSES.filter(status => status !== 'ready'))('is not given for an image that is %s', async status => {
    const world = await createWorld()
    const { id: imageId } = await seedImage(world.memory, world.project, { status })
    const wanted = { imageId, variant: 'full', format: null, includeVariants: false }
    const refused = expect(signUrl(world.deps, world.owner, wanted)).rejects
    await refused.toMatchObject({ code: 'image_not_ready', kind: 'not_found' })
    const batch = await signUrls(world.deps, world.owner, { imageIds: [imageId], variant: 'full' })
    expect(batch).toEqual({ items: [], notFound: [imageId] })
  })
})

describe('a batch', () => {
  it('names each image once, in the order asked for, and what is not there', async () => {
    const { world, image } = await ready()
    const second = (await upload(world, sampleBytes(501))).image
    await world.runJobs()
    const foreign = await seedImage(world.memory, await seedProject(world.memory), { status: 'ready' })
    const unknown = newId()
    const imageIds = [second.id, unknown, image.id, foreign.id, second.id, unknown]
    const { items, notFound } = await signUrls(world.deps, world.owner, { imageIds, variant: 'full' })
    expect(items.map(item => item.imageId)).toEqual([second.id, image.id])
    expect(notFound).toEqual([unknown, foreign.id])
    const single = await signUrl(world.deps, world.owner, {
      imageId: image.id,
      variant: 'full',
      format: null,
      includeVariants: false,
    })
    expect(items[1]).toEqual(single)
  })

  it('is refused without the right to read, as one URL is', async () => {
    const { world, image, wanted } = await ready()
    const reporter = contextOf(world.project, { kind: 'service', scopes: ['analysis.write'] })
    await expect(signUrl(world.deps, reporter, wanted)).rejects.toMatchObject({ code: 'forbidden' })
    const batch = signUrls(world.deps, reporter, { imageIds: [image.id], variant: 'full' })
    await expect(batch).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('hides the projects that the key does not reach', async () => {
    const { world, image } = await ready()
    const bound = contextOf(world.project, { projectIds: [newId()] })
    const batch = await signUrls(world.deps, bound, { imageIds: [image.id], variant: 'full' })
    expect(batch).toEqual({ items: [], notFound: [image.id] })
  })
})
