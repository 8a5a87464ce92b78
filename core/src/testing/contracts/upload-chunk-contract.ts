import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import type { UploadChunk } from '../../images/index.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every store of the pieces of uploads does. */
export function uploadChunkContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`upload chunk contract: ${name}`, () => {
    const harness = useHarness(factory)
    const store = () => harness().database.uploadChunks
    const scene = async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const image = await seedImage(database, project, { status: 'pending_upload' })
      const place = [project.id, image.id] as const
      const chunk = (start: number, sizeBytes: number): UploadChunk => ({
        ...{ projectId: project.id, imageId: image.id, start, sizeBytes },
        objectKey: `resumable/${image.id}/${start}-${newId()}`,
      })
      return { project, image, place, chunk }
    }

    it('adds up pieces that begin where the last one ended, and takes no others', async () => {
      const { place, chunk } = await scene()
      expect(await store().findProgress(...place)).toEqual({ sizeBytes: 0, chunks: 0 })
      const [first, second] = [chunk(0, 10), chunk(10, 5_000_000_000)]
      expect(await store().append(chunk(1, 1))).toBe(false)
      expect(await store().append(first)).toBe(true)
      expect(await store().append(second)).toBe(true)
      for (const start of [0, 9, 10, 5_000_000_011]) expect(await store().append(chunk(start, 1))).toBe(false)
      expect(await store().findProgress(...place)).toEqual({ sizeBytes: 5_000_000_010, chunks: 2 })
      expect(await store().findChunks(...place)).toEqual([first, second])
    })

    it('lets one of many in that begin at the same byte', async () => {
      const { place, chunk } = await scene()
      const answers = await Promise.all(Array.from({ length: 8 }, () => store().append(chunk(0, 7))))
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await store().findProgress(...place)).toEqual({ sizeBytes: 7, chunks: 1 })
    })

    it('keeps what storage holds of them from being taken for orphans, until they are forgotten', async () => {
      const { place, chunk } = await scene()
      const [one, lost] = [chunk(0, 10), chunk(0, 10)]
      await store().append(one)
      const keys = [one.objectKey, lost.objectKey]
      const { images } = harness().database
      expect(await images.findReferencedKeys(keys)).toEqual(new Set([one.objectKey]))
      expect(await store().clear(...place)).toEqual([one.objectKey])
      expect(await store().clear(...place)).toEqual([])
      expect(await images.findReferencedKeys(keys)).toEqual(new Set())
      expect(await store().append(chunk(0, 3))).toBe(true)
    })

    it('knows nothing of another project, and goes with the record of its image', async () => {
      const { project, image, place, chunk } = await scene()
      const other = await seedProject(harness().database)
      await store().append(chunk(0, 10))
      expect(await store().findProgress(other.id, image.id)).toEqual({ sizeBytes: 0, chunks: 0 })
      expect(await store().findChunks(other.id, image.id)).toEqual([])
      expect(await store().clear(other.id, image.id)).toEqual([])
      await harness().database.images.remove(project.id, [image.id])
      expect(await store().findChunks(...place)).toEqual([])
      await expect(store().append(chunk(0, 1))).rejects.toThrow()
    })
  })
}
