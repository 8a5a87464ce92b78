import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import { randomSha256 } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every store of originals does. */
export function originalStoreContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`original store contract: ${name}`, () => {
    const harness = useHarness(factory)
    const originals = () => harness().database.originals
    const inProject = async () => {
      const project = await seedProject(harness().database)
      return (sha256: string | null = randomSha256()) => ({
        projectId: project.id,
        objectKey: `uploads/${newId()}`,
        sha256,
        sizeBytes: 4_167_727,
      })
    }

    it('finds a live original by its bytes and by its key, in its own project alone', async () => {
      const original = (await inProject())()
      expect(await originals().add(original)).toBe(true)
      const live = { ...original, state: 'live' }
      expect(await originals().lockBySha256(original.projectId, original.sha256 ?? '')).toEqual(live)
      expect(await originals().lockByKey(original.projectId, original.objectKey)).toEqual(live)
      const other = (await inProject())()
      expect(await originals().lockBySha256(other.projectId, original.sha256 ?? '')).toBeNull()
      expect(await originals().lockByKey(other.projectId, original.objectKey)).toBeNull()
      expect(await originals().add({ ...other, sha256: original.sha256 })).toBe(true)
    })

    it('hands out some of a project, in any state, and of no other', async () => {
      const [build, other] = [await inProject(), await inProject()]
      const [first, second] = [build(), build(null)]
      for (const original of [first, second, other()]) await originals().add(original)
      await originals().markPurging(first.projectId, first.objectKey)
      const keys = (await originals().findSome(first.projectId, 9)).map(original => original.objectKey)
      expect(keys.sort()).toEqual([first.objectKey, second.objectKey].sort())
      expect(await originals().findSome(first.projectId, 1)).toHaveLength(1)
    })

    it('refuses the same bytes under another key, and takes the same key again', async () => {
      const build = await inProject()
      const original = build()
      expect(await originals().add(original)).toBe(true)
      expect(await originals().add(original)).toBe(true)
      expect(await originals().add(build(original.sha256))).toBe(false)
    })

    it('lets one of many add the same bytes', async () => {
      const build = await inProject()
      const sha256 = randomSha256()
      const added = await Promise.all(Array.from({ length: 10 }, () => originals().add(build(sha256))))
      expect(added.filter(Boolean)).toHaveLength(1)
    })

    it('keeps any number of originals that nobody hashed yet, and learns their hash later', async () => {
      const build = await inProject()
      const [one, two] = [build(null), build(null)]
      expect(await originals().add(one)).toBe(true)
      expect(await originals().add(two)).toBe(true)
      const sha256 = randomSha256()
      expect(await originals().setSha256(one.projectId, one.objectKey, sha256)).toBe(true)
      expect(await originals().setSha256(one.projectId, one.objectKey, sha256)).toBe(true)
      expect(await originals().lockBySha256(one.projectId, sha256)).toMatchObject({ objectKey: one.objectKey })
      expect(await originals().setSha256(two.projectId, two.objectKey, sha256)).toBe(false)
      expect(await originals().lockByKey(two.projectId, two.objectKey)).toMatchObject({ sha256: null })
    })

    it('goes on with a transaction in which a hash turned out to be known', async () => {
      const build = await inProject()
      const [one, two] = [build(), build(null)]
      await originals().add(one)
      await originals().add(two)
      await harness().database.transaction(async tx => {
        expect(await tx.originals.setSha256(two.projectId, two.objectKey, one.sha256 ?? '')).toBe(false)
        expect(await tx.originals.add(build(one.sha256))).toBe(false)
        await tx.originals.remove(two.projectId, two.objectKey)
      })
      expect(await originals().lockByKey(two.projectId, two.objectKey)).toBeNull()
    })

    it('gives nobody an original that is being purged: the same bytes make a new one', async () => {
      const build = await inProject()
      const original = build()
      await originals().add(original)
      await originals().markPurging(original.projectId, original.objectKey)
      expect(await originals().lockBySha256(original.projectId, original.sha256 ?? '')).toBeNull()
      expect(await originals().lockByKey(original.projectId, original.objectKey)).toMatchObject({ state: 'purging' })
      const again = build(original.sha256)
      expect(await originals().add(again)).toBe(true)
      expect(await originals().lockBySha256(original.projectId, original.sha256 ?? '')).toMatchObject(again)
    })

    it('removes an original, after which images that named it name nothing', async () => {
      const { database } = harness()
      const project = await seedProject(database)
      const image = await seedImage(database, project, { status: 'failed' })
      const key = image.originalKey ?? ''
      await originals().remove(project.id, key)
      await originals().remove(project.id, key)
      expect(await originals().lockByKey(project.id, key)).toBeNull()
      expect(await database.images.load(project.id, image.id)).toMatchObject({ originalKey: null, status: 'failed' })
    })
  })
}
