import { describe, expect, it } from 'vitest'
import { importFailed, importInterrupted, importRefused } from '../net/index.ts'
import {
  bodyOf,
  createWorld,
  everyFault,
  findDisorder,
  firstRun,
  sampleBytes,
  seedImage,
  type World,
} from '../testing/index.ts'
import { deleteImage } from './delete-images.ts'
import type { Image } from './image.ts'
import { IMPORT_LIFE_MS, type ImportInput, importImage } from './import-image.ts'
import { DELETED_IMPORT_PAUSE_MS, importImageBytes } from './import-image-bytes.ts'
import { originalKey } from './keys.ts'
import { restoreImage } from './restore-image.ts'
import { STALE_UPLOAD_GRACE_MS, STRANDED_AFTER_MS } from './sweep.ts'

const BYTES = sampleBytes(1_500)
const FAR_MS = 100 * 86_400_000
const URL = 'https://example.org/photos/a%20roof.jpg?token=secret'

const start = (world: World, input: Partial<ImportInput> = {}) =>
  importImage(world.deps, world.owner, { url: URL, projectId: null, detectionTypes: null, priority: null, ...input })

async function scene(found: Parameters<World['remoteFiles']['files']['set']>[1] = BYTES) {
  const world = await createWorld()
  world.remoteFiles.files.set(URL, found)
  return { world, image: await start(world) }
}

const load = (world: World, image: Image) => world.memory.images.load(image.projectId, image.id)
const fetchIt = (world: World, image: Image, run = firstRun(world)) =>
  importImageBytes(world.deps, { projectId: image.projectId, imageId: image.id, url: URL, requestId: 'r' }, run)

describe('an import', () => {
  it('waits for its bytes, then goes on as an upload does', async () => {
    const { world, image } = await scene()
    expect(image).toMatchObject({
      status: 'pending_upload',
      origin: 'import',
      fileName: 'a roof.jpg',
      declaredType: null,
    })
    await world.runJobs()
    const settled = await load(world, image)
    expect(settled).toMatchObject({ status: 'ready', sizeBytes: BYTES.length, sha256: expect.any(String) })
    expect(world.blobs.bytes(settled?.originalKey ?? '')).toEqual(BYTES)
    expect(settled?.history.map(line => line.status)).toEqual(['pending_upload', 'uploaded', 'processing', 'ready'])
    expect(JSON.stringify(settled)).not.toContain('secret')
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('whose job was lost is accepted with what it stored, or fails and says why', async () => {
    const world = await createWorld()
    const at = world.clock.now()
    const lost = { origin: 'import', uploadExpiresAt: new Date(at.getTime() + IMPORT_LIFE_MS) } as const
    const seed = () => seedImage(world.memory, world.project, { status: 'pending_upload', at, image: lost })
    const [stored, empty] = [await seed(), await seed()]
    const by = { projectId: stored.projectId, purpose: 'original' as const }
    const options = { maxBytes: BYTES.length, contentType: 'application/octet-stream' }
    await world.blobs.put(originalKey(stored.id), bodyOf(BYTES), options, by)
    await world.sweep(FAR_MS)
    expect((await load(world, empty))?.status).toBe('pending_upload')
    world.clock.advance(STRANDED_AFTER_MS)
    expect(await world.sweep(FAR_MS)).toMatchObject({ lostImports: 1 })
    await world.runJobs()
    expect((await load(world, stored))?.status).toBe('ready')
    expect(await load(world, empty)).toMatchObject({ status: 'failed', failure: { code: 'import_lost' } })
    expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
  })

  it('names the file by its URL as well as it can', async () => {
    const world = await createWorld()
    const names = {
      'https://x.org': 'import',
      'https://x.org/%E0%A4%A.jpg': '%E0%A4%A.jpg',
      'https://x.org/a%00b/': 'import',
      'https://x.org/a%0Ab': 'ab',
    }
    for (const [url, fileName] of Object.entries(names)) expect(await start(world, { url })).toMatchObject({ fileName })
    expect([...(await start(world, { url: `https://x.org/${'ä'.repeat(300)}` })).fileName]).toHaveLength(255)
  })

  it('is refused at once where the URL shows it, and leaves nothing', async () => {
    const world = await createWorld()
    await expect(start(world, { url: 'ftp://x.org/a' })).rejects.toMatchObject({ code: 'import_refused' })
    expect(world.memory.inspect().images.size).toBe(0)
  })

  it.each([
    ['nothing there', importFailed('the server answered 404'), 'import_failed'],
    ['an address of ours behind it', importRefused('it does not lead to a public address'), 'import_refused'],
    ['more bytes than the project takes', sampleBytes(3_000), 'file_too_large'],
    ['fewer bytes than the project takes', sampleBytes(5), 'file_too_small'],
  ])('fails at once with %s', async (_name, found, code) => {
    const world = await createWorld({ settings: { maxBytes: 2_000, minBytes: 10 } })
    world.remoteFiles.files.set(URL, found)
    const image = await start(world)
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'failed', failure: { code } })
    expect(world.remoteFiles.opened).toHaveLength(1)
    await world.sweep()
    expect(world.blobs.keys()).toEqual([])
  })

  it('does not begin to read what is announced as too large', async () => {
    const { world, image } = await scene()
    world.remoteFiles.announced = 10 ** 12
    await fetchIt(world, image)
    expect(await load(world, image)).toMatchObject({ failure: { code: 'file_too_large' } })
  })

  it('tries four times in one run, then later, and gives up after a day', async () => {
    const away = importInterrupted('nobody answered')
    const { world, image } = await scene(Array.from({ length: 9 }, () => away))
    const before = world.clock.now().getTime()
    const run = firstRun(world)
    await expect(fetchIt(world, image, run)).rejects.toMatchObject({ kind: 'network' })
    expect([world.remoteFiles.opened.length, world.clock.now().getTime() - before]).toEqual([4, 7_000])
    expect(await load(world, image)).toMatchObject({ status: 'pending_upload' })
    world.clock.advance(25 * 3_600_000)
    expect(await fetchIt(world, image, run)).toEqual({ outcome: 'failed' })
    expect(await load(world, image)).toMatchObject({ status: 'failed', failure: { code: 'import_failed' } })
  })

  it('is not taken for a stale upload while it is tried, but settled when nothing tries any more', async () => {
    const { world, image } = await scene()
    world.clock.advance(IMPORT_LIFE_MS - 1_000)
    await world.sweep()
    expect(await load(world, image)).toMatchObject({ status: 'pending_upload' })
    world.clock.advance(STALE_UPLOAD_GRACE_MS + 2_000)
    await world.sweep()
    expect(await load(world, image)).toMatchObject({ status: 'failed', failure: { code: 'upload_expired' } })
  })

  it('never writes over what another run of the job brought', async () => {
    const { world, image } = await scene([BYTES, sampleBytes(900)])
    await Promise.all([fetchIt(world, image), fetchIt(world, image)])
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({
      status: 'ready',
      sizeBytes: world.blobs.bytes(`uploads/${image.id}`)?.length,
    })
  })

  it('that is deleted is not fetched, and goes on when it is restored', async () => {
    const { world, image } = await scene()
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await world.runJobs()
    expect(world.remoteFiles.opened).toEqual([])
    await restoreImage(world.deps, world.owner, { imageId: image.id })
    world.clock.advance(DELETED_IMPORT_PAUSE_MS)
    await world.runJobs()
    expect(await load(world, image)).toMatchObject({ status: 'ready' })
  })

  it('is one for each Idempotency-Key', async () => {
    const world = await createWorld()
    const ctx = { ...world.owner, once: { route: 'POST /images/import', key: 'k' } }
    const input = { url: URL, projectId: null, detectionTypes: null, priority: null }
    const first = await importImage(world.deps, ctx, input)
    expect((await importImage(world.deps, ctx, input)).id).toBe(first.id)
    await expect(importImage(world.deps, ctx, { ...input, url: `${URL}2` })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
  })
})

it('an import ends ready whichever call fails, loses its answer or is the last before a kill', async () => {
  const faults = await everyFault({
    scene: () => scene(),
    act: ({ world, image }) => fetchIt(world, image),
    check: async ({ world, image }) => {
      await fetchIt(world, image)
      await world.runJobs()
      expect(await load(world, image)).toMatchObject({ status: 'ready', sizeBytes: BYTES.length })
      await world.sweep()
      expect(findDisorder(world)).toEqual({ orphans: [], missing: [] })
    },
  })
  expect(faults).toBeGreaterThan(20)
})
