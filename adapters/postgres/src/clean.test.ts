import { seedImage, seedProject, testMetadata, testVariant } from '@calotype/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanText, toJson } from './clean.ts'
import { openTestDatabase } from './testing/test-database.ts'

const HOSTILE = 'a\u0000b\ud800c\udc00\u0000'
const CLEAN = 'a\ufffdb\ufffdc\ufffd\ufffd'

describe('cleaning text', () => {
  it('leaves good text alone and replaces the rest', () => {
    expect(cleanText('Größe 👍 \\u0000')).toBe('Größe 👍 \\u0000')
    expect(cleanText(HOSTILE)).toBe(CLEAN)
  })

  it('cleans values and names at every depth of json', () => {
    const date = new Date(0)
    const value = { [HOSTILE]: [HOSTILE, { deep: HOSTILE }], number: 1, none: null, date, left: undefined }
    expect(JSON.parse(toJson(value))).toEqual({
      [CLEAN]: [CLEAN, { deep: CLEAN }],
      number: 1,
      none: null,
      date: date.toISOString(),
    })
    expect(toJson(undefined)).toBe('null')
  })

  describe('in the database', () => {
    let opened: Awaited<ReturnType<typeof openTestDatabase>>
    beforeAll(async () => {
      opened = await openTestDatabase()
    })
    afterAll(() => opened.close())

    it('keeps file names, EXIF strings and details that PostgreSQL would refuse', async () => {
      const { database } = opened
      const project = await seedProject(database)
      const metadata = testMetadata({ camera_make: HOSTILE, exif: { [HOSTILE]: HOSTILE } })
      const image = await seedImage(database, project, {
        status: 'failed',
        image: { fileName: HOSTILE },
        change: { metadata, failure: { code: 'corrupt_image', detail: HOSTILE } },
      })
      const { id: imageId, projectId } = image
      const variant = testVariant(HOSTILE)
      await database.images.setVariants({ projectId, imageId }, 'r', [variant])
      const key = { projectId, imageId }
      await database.images.move({
        ...key,
        from: 'failed',
        to: 'uploaded',
        at: new Date(),
        detail: HOSTILE,
        change: {},
      })
      await database.events.append({ projectId, type: 'image.status', payload: { text: HOSTILE } })
      await database.jobs.enqueue('image.process', { ...key, requestId: HOSTILE }, { key: HOSTILE })
      const kept = await database.images.load(projectId, imageId)
      expect(kept).toMatchObject({ fileName: CLEAN, failure: { detail: CLEAN }, metadata: { camera_make: CLEAN } })
      expect(kept?.metadata?.exif).toEqual({ [CLEAN]: CLEAN })
      expect(kept?.variants[0]?.objectKey).toBe(CLEAN)
      expect(kept?.history.at(-1)?.detail).toBe(CLEAN)
    })

    it('finds nothing, without an error, under ids that no text column can hold', async () => {
      expect(await opened.database.images.find(HOSTILE, HOSTILE)).toBeNull()
      expect(await opened.database.images.findMany(HOSTILE, [HOSTILE])).toEqual([])
      expect(await opened.database.images.findReferencedKeys([`uploads/${HOSTILE}`])).toEqual(new Set())
    })

    it('takes any json that an image may bring', async () => {
      const { database } = opened
      const project = await seedProject(database)
      const text = fc.string({ unit: 'binary', maxLength: 20 })
      const exif = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(fc.integer())))
      await fc.assert(
        fc.asyncProperty(text, exif, async (fileName, tags) => {
          const change = { metadata: testMetadata({ exif: tags }) }
          const image = await seedImage(database, project, { status: 'ready', image: { fileName }, change })
          expect(await database.images.load(project.id, image.id)).toMatchObject({ fileName: cleanText(fileName) })
        }),
        { numRuns: 50 },
      )
    })
  })
})
