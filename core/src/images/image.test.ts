import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryDatabase, createTestClock, seedImage, seedProject } from '../testing/index.ts'
import { canMove, IMAGE_STATUSES, IMAGE_TRANSITIONS, type ImageStatus, isVerdict, VERDICT_CODES } from './image.ts'
import { moveImage } from './move-image.ts'

/** Requirement L1, written down a second time. */
const ALLOWED = new Set([
  'pending_upload uploaded',
  'pending_upload failed',
  'uploaded processing',
  'uploaded failed',
  'processing ready',
  'processing failed',
  'processing uploaded',
  'failed uploaded',
  ...['pending_upload', 'uploaded', 'processing', 'ready', 'failed'].flatMap(each => [
    `${each} deleted`,
    `deleted ${each}`,
  ]),
])
const PAIRS = IMAGE_STATUSES.flatMap(from => IMAGE_STATUSES.map(to => ({ from, to })))

describe('the transition table', () => {
  it.each(PAIRS)('knows whether $from may become $to', ({ from, to }) => {
    expect(canMove(from, to)).toBe(ALLOWED.has(`${from} ${to}`))
  })

  it('has a way from every status to ready, so that nothing is stuck', () => {
    const reaches = (from: ImageStatus, seen: ImageStatus[] = []): boolean =>
      from === 'ready' || IMAGE_TRANSITIONS[from].some(to => !seen.includes(to) && reaches(to, [...seen, from]))
    for (const status of IMAGE_STATUSES) expect(reaches(status)).toBe(true)
  })

  it('is left by no sequence of moves, and each move is a line of the history', async () => {
    const database = createMemoryDatabase(createTestClock())
    const project = await seedProject(database)
    const moves = fc.array(fc.constantFrom(...IMAGE_STATUSES), { maxLength: 12 })
    const run = fc.asyncProperty(moves, async wanted => {
      let image = await seedImage(database, project, { status: 'pending_upload' })
      for (const to of wanted) {
        const { status: from, history } = image
        const moved = database.transaction(tx => moveImage(tx, image, to, { at: new Date() }))
        if (!ALLOWED.has(`${from} ${to}`)) await expect(moved).rejects.toMatchObject({ code: 'invalid_transition' })
        else image = (await moved) ?? image
        expect(image.history.length - history.length).toBe(ALLOWED.has(`${from} ${to}`) ? 1 : 0)
      }
      const stored = await database.images.load(project.id, image.id)
      expect(stored).toEqual(image)
      const steps = image.history.slice(1).map((line, index) => `${image.history[index]?.status} ${line.status}`)
      for (const step of steps) expect(ALLOWED).toContain(step)
    })
    await fc.assert(run, { numRuns: 40 })
  })
})

describe('moveImage', () => {
  it('moves only from where the caller believes the image to be, and tells the readers', async () => {
    const database = createMemoryDatabase(createTestClock())
    const image = await seedImage(database, await seedProject(database))
    const before = database.inspect().events.length
    const at = new Date('2026-03-01T12:00:01.000Z')
    const stale = await database.transaction(tx => moveImage(tx, { ...image, status: 'processing' }, 'ready', { at }))
    expect(stale).toBeNull()
    expect(database.inspect().events).toHaveLength(before)
    await database.transaction(tx => moveImage(tx, image, 'processing', { at, detail: 'taken up' }))
    const event = { image_id: image.id, project_id: image.projectId, status: 'processing', failure: null }
    expect(database.inspect().events.at(-1)).toMatchObject({ payload: { ...event, at: at.toISOString() } })
  })
})

it('judges by the codes of the content alone', () => {
  for (const code of VERDICT_CODES) expect(isVerdict(code)).toBe(true)
  for (const code of ['engine_crashed', 'storage_unavailable', 'upload_expired', 'internal', ''])
    expect(isVerdict(code)).toBe(false)
})
