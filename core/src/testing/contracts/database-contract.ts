import { describe, expect, it } from 'vitest'
import { newId } from '../../ids.ts'
import { randomSha256, testNewImage } from '../builders.ts'
import { seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'
import { useHarness } from './use-harness.ts'

/** What every database does about transactions. */
export function databaseContract(name: string, factory: () => Promise<DatabaseHarness>): void {
  describe(`database contract: ${name}`, () => {
    const harness = useHarness(factory)
    const db = () => harness().database

    it('answers when asked whether it is there', async () => {
      await expect(db().check()).resolves.toBeUndefined()
    })

    it('commits all of a transaction and answers what the work answered', async () => {
      const project = await seedProject(db())
      const [one, two] = [testNewImage(project.id), testNewImage(project.id)]
      const answer = await db().transaction(async tx => {
        await tx.images.insert(one, new Date())
        await tx.images.insert(two, new Date())
        return 'done'
      })
      expect(answer).toBe('done')
      expect(await db().images.findMany(project.organizationId, [one.id, two.id])).toHaveLength(2)
    })

    it('takes back all of a transaction that fails, in every store, and rejects with its error', async () => {
      const project = await seedProject(db())
      const image = testNewImage(project.id)
      const original = { projectId: project.id, objectKey: `uploads/${image.id}`, sha256: randomSha256(), sizeBytes: 1 }
      const keyHash = randomSha256()
      const failure = new Error('stop')
      const work = db().transaction(async tx => {
        await tx.images.insert(image, new Date())
        await tx.originals.add(original)
        const { organizationId } = project
        await tx.installation.addApiKey({ id: newId(), organizationId, name: 'key', role: 'owner', keyHash })
        expect(await tx.images.load(project.id, image.id)).not.toBeNull()
        throw failure
      })
      await expect(work).rejects.toBe(failure)
      expect(await db().images.load(project.id, image.id)).toBeNull()
      expect(await db().originals.lockByKey(project.id, original.objectKey)).toBeNull()
      expect(await db().credentials.findByApiKey(keyHash)).toBeNull()
    })

    it('shows nothing of an open transaction to others', async () => {
      const project = await seedProject(db())
      const image = testNewImage(project.id)
      const written = Promise.withResolvers<void>()
      const looked = Promise.withResolvers<void>()
      const transaction = db().transaction(async tx => {
        await tx.images.insert(image, new Date())
        written.resolve()
        await looked.promise
      })
      await written.promise
      expect(await db().images.load(project.id, image.id)).toBeNull()
      looked.resolve()
      await transaction
      expect(await db().images.load(project.id, image.id)).not.toBeNull()
    })

    it('refuses the outer stores inside a transaction at once, and takes the transaction back', async () => {
      const project = await seedProject(db())
      const outerCalls: (() => Promise<unknown>)[] = [
        () => db().images.load(project.id, newId()),
        () => db().images.insert(testNewImage(project.id), new Date()),
        () => db().transaction(async () => undefined),
      ]
      for (const call of outerCalls) {
        const image = testNewImage(project.id)
        const work = db().transaction(async tx => {
          await tx.images.insert(image, new Date())
          await call()
        })
        await expect(work).rejects.toThrow(/outer stores/)
        expect(await db().images.load(project.id, image.id)).toBeNull()
      }
    })

    it('refuses the stores of a transaction that is over', async () => {
      const project = await seedProject(db())
      const { images } = await db().transaction(async tx => tx)
      await expect((async () => images.insert(testNewImage(project.id), new Date()))()).rejects.toThrow()
    })

    it('lets only one hold an image at a time', async () => {
      const project = await seedProject(db())
      const image = testNewImage(project.id)
      await db().images.insert(image, new Date())
      const key = { projectId: project.id, imageId: image.id, status: 'pending_upload' as const }
      const countUp = () =>
        db().transaction(async tx => {
          const locked = await tx.images.load(project.id, image.id, { lock: true })
          await tx.images.update(key, { sizeBytes: (locked?.sizeBytes ?? 0) + 1 })
        })
      await Promise.all(Array.from({ length: 8 }, countUp))
      expect(await db().images.load(project.id, image.id)).toMatchObject({ sizeBytes: 8 })
    })

    it('takes the same usage twice without an error', async () => {
      const project = await seedProject(db())
      const entry = { projectId: project.id, cause: `original:${newId()}`, purpose: 'original', storedBytes: 100 }
      await db().usage.record([entry])
      await expect(db().usage.record([entry, { ...entry, cause: 'other' }])).resolves.toBeUndefined()
      await expect(db().usage.record([])).resolves.toBeUndefined()
    })
  })
}
