import { expect, it } from 'vitest'
import type { Project } from '../../access/index.ts'
import type { Database } from '../../database.ts'
import type { Image, ImageChange, ImageMove, ImageStatus } from '../../images/index.ts'
import { testMetadata } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'

const AT = new Date('2026-02-02T10:20:30.123Z')

const moveOf = (image: Image, to: ImageStatus, more: Partial<ImageMove> = {}): ImageMove => ({
  projectId: image.projectId,
  imageId: image.id,
  from: image.status,
  to,
  at: AT,
  detail: null,
  change: {},
  ...more,
})

const FINDINGS: ImageChange = {
  contentType: 'image/jpeg',
  width: 4032,
  height: 3024,
  animated: false,
  metadata: testMetadata({
    camera_make: 'Canon',
    captured_at: '2026-01-05T08:00:00.000Z',
    gps: { latitude: 52.52, longitude: 13.405, altitude: null },
    f_number: 1.7,
    exif: { Software: 'x', LensSpecification: [4.2, 4.2, 1.7, 1.7] },
  }),
  placeholder: { thumbhash: 'AAAA', color: '#8a7f70' },
  failure: null,
}

export function imageMoveCases(db: () => Database): void {
  const seed = async (status: ImageStatus = 'uploaded', project?: Project) =>
    seedImage(db(), project ?? (await seedProject(db())), { status })

  it('moves an image with its change and its history line', async () => {
    const image = await seed('processing')
    const moved = await db().images.move(moveOf(image, 'ready', { detail: 'first try', change: FINDINGS }))
    expect(moved).toMatchObject({ ...FINDINGS, status: 'ready', updatedAt: AT, createdAt: image.createdAt })
    expect(moved?.history).toEqual([...image.history, { status: 'ready', at: AT, detail: 'first try' }])
    expect(await db().images.load(image.projectId, image.id)).toEqual(moved)
  })

  it('moves nothing from another status, of another project, or that is not there', async () => {
    const [image, other] = [await seed('uploaded'), await seedProject(db())]
    const attempts = [
      moveOf(image, 'ready', { from: 'processing' }),
      moveOf(image, 'processing', { projectId: other.id }),
      moveOf(image, 'processing', { imageId: other.id }),
    ]
    for (const move of attempts) expect(await db().images.move(move)).toBeNull()
    expect(await db().images.load(image.projectId, image.id)).toEqual(image)
  })

  it('lets one of 20 movers win', async () => {
    const image = await seed('uploaded')
    const movers = Array.from({ length: 20 }, (_, index) =>
      db().images.move(moveOf(image, 'processing', { detail: `mover ${index}`, change: { attempt: index + 1 } })),
    )
    const [winner, ...more] = (await Promise.all(movers)).filter(moved => moved !== null)
    expect(more).toEqual([])
    expect(await db().images.load(image.projectId, image.id)).toEqual(winner)
    expect(winner?.history).toHaveLength(image.history.length + 1)
  })

  it('lets one of 20 transactions win', async () => {
    const image = await seed('uploaded')
    const movers = Array.from({ length: 20 }, (_, index) =>
      db().transaction(tx => tx.images.move(moveOf(image, index % 2 ? 'processing' : 'failed', failed(index)))),
    )
    expect((await Promise.all(movers)).filter(moved => moved !== null)).toHaveLength(1)
  })

  it('takes a result only under the attempt that is still its own', async () => {
    const image = await seed('uploaded')
    const first = await db().images.move(moveOf(image, 'processing', { change: { attempt: 1 } }))
    if (!first) throw new Error('nobody else moves it')
    const lost = await db().images.move(moveOf(first, 'uploaded', { attempt: 1 }))
    if (!lost) throw new Error('nobody else moves it')
    const second = await db().images.move(moveOf(lost, 'processing', { change: { attempt: 2 } }))
    if (!second) throw new Error('nobody else moves it')
    expect(await db().images.move(moveOf(second, 'ready', { attempt: 1 }))).toBeNull()
    expect(await db().images.move(moveOf(second, 'ready', { attempt: 2 }))).toMatchObject({ status: 'ready' })
  })

  it('writes and clears a failure', async () => {
    const image = await seed('processing')
    const failure = { code: 'engine_crashed', detail: 'The process died.' }
    const broken = await db().images.move(moveOf(image, 'failed', { change: { failure, engineFailures: 3 } }))
    expect(broken).toMatchObject({ failure, engineFailures: 3 })
    if (!broken) return
    const again = await db().images.move(moveOf(broken, 'uploaded', { change: { failure: null, engineFailures: 0 } }))
    expect(again).toMatchObject({ failure: null, engineFailures: 0 })
  })

  it('changes fields without a move, only while the status is as expected', async () => {
    const image = await seed('uploaded')
    const key = { projectId: image.projectId, imageId: image.id }
    const change = { sha256: 'cd'.repeat(32), sizeBytes: 77, confirmedAt: AT }
    expect(await db().images.update({ ...key, status: 'processing' }, change)).toBe(false)
    const other = await seedProject(db())
    expect(await db().images.update({ ...key, projectId: other.id, status: 'uploaded' }, change)).toBe(false)
    expect(await db().images.load(image.projectId, image.id)).toEqual(image)
    expect(await db().images.update({ ...key, status: 'uploaded' }, change)).toBe(true)
    const changed = await db().images.load(image.projectId, image.id)
    expect(changed).toMatchObject({ ...change, status: 'uploaded' })
    expect(changed?.history).toEqual(image.history)
  })

  it('writes nothing for what a change leaves out', async () => {
    const image = await seed('processing')
    const ready = await db().images.move(moveOf(image, 'ready', { change: FINDINGS }))
    const key = { projectId: image.projectId, imageId: image.id, status: 'ready' as const }
    expect(await db().images.update(key, { attempt: 7 })).toBe(true)
    const { updatedAt, ...rest } = (await db().images.load(image.projectId, image.id)) ?? image
    expect(updatedAt).toBeInstanceOf(Date)
    const { updatedAt: _before, ...before } = ready ?? image
    expect(rest).toEqual({ ...before, attempt: 7 })
  })
}

const failed = (index: number): Partial<ImageMove> =>
  index % 2 ? {} : { change: { failure: { code: 'corrupt_image', detail: 'It cannot be read.' } } }
