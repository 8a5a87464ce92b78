import { describe, expect, it } from 'vitest'
import {
  begin,
  contextOf,
  createWorld,
  sampleBytes,
  seedImage,
  seedProject,
  send,
  upload,
  type World,
} from '../testing/index.ts'
import { MAX_LOST_ATTEMPTS } from './attempt.ts'
import { deleteImage } from './delete-images.ts'
import { processingKey } from './enqueue.ts'
import { storageUnavailable } from './errors.ts'
import { explainImage } from './explain-image.ts'
import { explainStep } from './explain-steps.ts'
import { IMAGE_STATUSES, type Image, VERDICT_CODES } from './image.ts'
import { importImage } from './import-image.ts'
import { restoreImage } from './restore-image.ts'

const BYTES = sampleBytes(1_000)
const explain = (world: World, { id: imageId }: Pick<Image, 'id'>) => explainImage(world.deps, world.owner, { imageId })
const enqueue = (world: World, image: Image) =>
  world.memory.jobs.enqueue(
    'image.process',
    { projectId: image.projectId, imageId: image.id, requestId: 'r' },
    { key: processingKey(image.id) },
  )

describe('an explanation', () => {
  it('of a pending upload tells what it waits for and until when', async () => {
    const world = await createWorld()
    const started = await begin(world, { sizeBytes: BYTES.length })
    const until = started.image.uploadExpiresAt?.toISOString().slice(11, 16)
    const waiting = await explain(world, started.image)
    expect(waiting).toMatchObject({ waitingFor: 'the bytes at the upload URL', nextRetryAt: null })
    expect(waiting.summary).toContain(`until`)
    expect(waiting.summary).toContain(until)
    expect(waiting.steps).toEqual([{ at: started.image.createdAt, what: 'An upload URL was given out.', detail: null }])
    await send(world, started, BYTES)
    expect((await explain(world, started.image)).summary).toMatch(/have arrived/)
    const endless = await seedImage(world.memory, world.project, { status: 'pending_upload' })
    expect((await explain(world, endless)).summary).not.toContain('until')
  })

  it('of an import tells who fetches it, what came of that, and when it is tried next', async () => {
    const world = await createWorld()
    const labels = { alt: null, reference: null, attributes: {} }
    const input = { url: 'https://a.test/roof.jpg', projectId: null, detectionTypes: null, priority: null, ...labels }
    const image = await importImage(world.deps, world.owner, input)
    const fetched = 'Its bytes are fetched from the URL of its import.'
    expect(await explain(world, image)).toMatchObject({ summary: fetched, waitingFor: 'its turn', nextRetryAt: null })
    expect((await explain(world, image)).steps).toMatchObject([{ what: 'It is to be fetched from a URL.' }])
    let meanwhile: unknown
    const look = async () => {
      meanwhile = await explain(world, image)
      throw storageUnavailable()
    }
    await world.memory.queue.runDue({ 'image.import': look })
    expect(meanwhile).toMatchObject({ waitingFor: 'the other server' })
    const later = await explain(world, image)
    expect(later.summary).toBe(`${fetched} One try came to nothing so far; the other server may be away.`)
    expect(later.nextRetryAt?.getTime()).toBeGreaterThan(world.clock.now().getTime())
    const origin = { origin: 'import' as const }
    const lost = await seedImage(world.memory, world.project, { status: 'pending_upload', image: origin })
    expect((await explain(world, lost)).waitingFor).toMatch(/^the next sweep/)
  })

  it('of a ready image tells how far its analysis is', async () => {
    const world = await createWorld({ settings: { detectionTypes: ['rust'] } })
    const { image } = await upload(world, BYTES)
    await world.runJobs()
    const told = await explain(world, image)
    expect(told.waitingFor).toBe('the detection pipeline to begin')
    expect(told.summary).toContain('The detection pipeline was asked to analyse it.')
    expect(told.steps.at(-1)?.what).toBe('The detection pipeline was asked to look at it.')
  })

  it('of what happened while the status stayed says that, and not that it was moved', () => {
    const line = (detail: string) => ({ status: 'ready' as const, at: new Date(), detail })
    const what = (detail: string) => explainStep(line(detail), line('')).what
    expect(what('variants remade by recipe r1')).toBe('Its variants were made anew.')
    expect(what('variants moved to private')).toMatch(/^Its project became private/)
    expect(what('variants made again in attempt 3')).toMatch(/were made again/)
    expect(what('variant r/full.avif is lost, and there is no original to make it of')).toMatch(
      /^Storage lost a variant/,
    )
    expect(what('original gone: storage does not hold it')).toMatch(/^Storage lost its original/)
    expect(what('analysis completed')).toMatch(/reported its result/)
    expect(what('moved from project 01K9Z5J8Q3T7W2X4Y6A8B0C2D4')).toBe('It was moved.')
  })

  it('of what waits to be processed tells whether a job waits, and when it is tried next', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    expect(await explain(world, image)).toMatchObject({ waitingFor: 'a free worker', nextRetryAt: null })
    world.engine.error = storageUnavailable()
    await world.runJobs()
    const told = await explain(world, image)
    expect(told.summary).toBe('Its bytes are stored. Attempts so far: 1. The storage did not answer.')
    expect(told.nextRetryAt?.getTime()).toBeGreaterThan(world.clock.now().getTime())
    const jobless = await seedImage(world.memory, world.project)
    expect(await explain(world, jobless)).toMatchObject({
      summary: 'Its bytes are stored. No attempt has begun yet.',
      waitingFor: 'the next sweep, which gives it a new job',
    })
    let meanwhile: unknown
    await enqueue(world, jobless)
    const look = async () => {
      meanwhile = await explain(world, jobless)
    }
    await world.memory.queue.runDue({ 'image.process': look })
    expect(meanwhile).toMatchObject({ waitingFor: 'the worker' })
  })

  it('of what is worked on tells who holds it', async () => {
    const world = await createWorld()
    const { image } = await upload(world, BYTES)
    const { render } = world.engine
    let told: unknown
    world.engine.render = async request => {
      told = await explain(world, image)
      return render(request)
    }
    await world.runJobs()
    const summary = 'Its variants are being made by worker memory: attempt 1.'
    expect(told).toMatchObject({ summary, waitingFor: 'the end of this attempt', nextRetryAt: null })
    const lost = await seedImage(world.memory, world.project, { status: 'processing' })
    expect(await explain(world, lost)).toMatchObject({ waitingFor: 'the next sweep, which gives it a new job' })
    await enqueue(world, lost)
    const waiting = await explain(world, lost)
    expect(waiting).toMatchObject({ waitingFor: 'a free worker', nextRetryAt: world.clock.now() })
    expect(waiting.summary).toMatch(/its process ended/)
  })

  it('of a ready image tells every step in words', async () => {
    const world = await createWorld()
    world.engine.result = { notes: ['Only the first of 3 pages is shown.'] }
    const { image } = await upload(world, BYTES)
    await world.runJobs()
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await restoreImage(world.deps, world.owner, { imageId: image.id })
    const { summary, steps, waitingFor, nextRetryAt } = await explain(world, image)
    expect(summary).toBe('It is ready: 6 files of 2 variants can be delivered. Only the first of 3 pages is shown.')
    expect([waitingFor, nextRetryAt]).toEqual([null, null])
    expect(steps.map(({ what, detail }) => [what, detail])).toEqual([
      ['Its bytes were stored.', null],
      ['A worker took it up.', null],
      ['Its variants were made.', null],
      ['It was deleted.', null],
      ['It was restored with its variants.', 'Somebody restored it.'],
    ])
  })

  it('of a failure tells why and whether another try is possible', async () => {
    const world = await createWorld()
    const seed = (code: string) =>
      seedImage(world.memory, world.project, { status: 'failed', change: { failure: { code, detail: 'So it is.' } } })
    expect(await explain(world, await seed('engine_crashed'))).toMatchObject({
      summary: 'It failed. So it is. Its original is kept, and it can be tried again by hand.',
      waitingFor: 'somebody who tries it again',
    })
    const final = { summary: expect.stringMatching(/^It failed for good\. So it is\./), waitingFor: null }
    expect(await explain(world, await seed('corrupt_image'))).toMatchObject(final)
    const gone = await seed('upload_expired')
    const key = { projectId: gone.projectId, imageId: gone.id, status: 'failed' as const }
    await world.memory.images.update(key, { originalKey: null, failure: null })
    expect((await explain(world, gone)).summary).toMatch(/^It failed for good\. Its bytes/)
  })

  it('of what is deleted tells what will be purged when', async () => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project, { status: 'ready' })
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    const { summary, waitingFor } = await explain(world, image)
    const purgeAt = (await world.memory.images.load(image.projectId, image.id))?.purgeAt
    expect(summary).toContain(`when it was ready. It can be restored until ${purgeAt?.toISOString().slice(0, 10)}`)
    expect(waitingFor).toMatch(/retention/)
    const change = { formerStatus: null, purgeAt: null }
    const withProject = await seedImage(world.memory, world.project, { status: 'deleted', change })
    expect((await explain(world, withProject)).summary).toMatch(/with its project/)
  })

  it('is for those who may see the image', async () => {
    const world = await createWorld()
    const image = await seedImage(world.memory, world.project)
    const stranger = contextOf(await seedProject(world.memory))
    const refused = explainImage(world.deps, stranger, { imageId: image.id })
    await expect(refused).rejects.toMatchObject({ code: 'not_found' })
    const viewer = contextOf(world.project, { role: 'viewer' })
    expect(await explainImage(world.deps, viewer, { imageId: image.id })).toMatchObject({
      waitingFor: expect.any(String),
    })
  })
})

describe('a step in words', () => {
  const at = new Date()
  const words = (status: Image['status'], before: Image['status'] | null, detail: string | null = null) =>
    explainStep({ status, at, detail }, before && { status: before, at, detail: null })

  it('is a sentence, wherever an image came from', () => {
    for (const status of IMAGE_STATUSES)
      for (const before of [null, ...IMAGE_STATUSES]) expect(words(status, before).what).toMatch(/^[A-Z].*\.$/)
    expect(words('uploaded', 'failed').what).not.toBe(words('uploaded', 'processing').what)
  })

  it('shows nothing that was not meant to be read', () => {
    for (const detail of ['connect ECONNREFUSED 10.0.0.7:5432', 'constructor', 'moved from project x; drop', ''])
      expect(words('failed', 'processing', detail).detail).toBeNull()
    expect(words('ready', 'ready', `moved from project ${'0'.repeat(26)}`).detail).toBe('It came from another project.')
  })

  it('has words for every verdict and for the loss of too many attempts', () => {
    for (const code of [...VERDICT_CODES, 'attempts_lost', 'upload_expired', 'engine_crashed'])
      expect(words('failed', 'processing', code).detail).toMatch(/^[A-Z].*\.$/)
    expect(MAX_LOST_ATTEMPTS).toBe(5)
  })
})
