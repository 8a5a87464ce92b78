import { Readable } from 'node:stream'
import { newId } from '@calotype/core'
import { bodyOf, readAll, sampleBytes, sha256Of } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DELETE_BATCH } from '../s3/remove-objects.ts'
import type { S3BlobStore } from '../s3/s3-blob-store.ts'

const by = { projectId: 'project', purpose: 'care' as const }
const options = { maxBytes: 1e9, contentType: 'image/jpeg' }
/** More than two parts, the last of them short. */
const LARGE = Buffer.concat(Array.from({ length: 12 }, (_, index) => Buffer.alloc(1_000_003, index)))

export interface S3Harness {
  blobs: S3BlobStore
  unfinished(): Promise<readonly string[]>
  close(): Promise<void>
}

/** What an S3 store does beyond the contract of all stores. */
export function s3StoreCases(name: string, factory: () => Promise<S3Harness>): void {
  describe(`S3 store: ${name}`, () => {
    let harness: S3Harness
    beforeAll(async () => {
      harness = await factory()
    })
    afterAll(() => harness.close())
    const { put, list } = {
      put: (key: string, bytes: Buffer) => harness.blobs.put(key, bodyOf(bytes), options, by),
      list: async (prefix: string) => {
        const keys: string[] = []
        for await (const { key } of harness.blobs.list(prefix, by)) keys.push(key)
        return keys
      },
    }

    it('puts a large object in parts and reads it back, whole and in ranges across them', async () => {
      const key = `uploads/${newId()}`
      expect(await harness.blobs.put(key, Readable.from([LARGE]), options, by)).toEqual({
        sizeBytes: LARGE.length,
        sha256: sha256Of(LARGE),
      })
      expect((await readAll(await harness.blobs.read(key, null, by)))?.equals(LARGE)).toBe(true)
      const range = { start: 5_000_000, end: 10_600_000 }
      const part = await readAll(await harness.blobs.read(key, range, by))
      expect(part?.equals(LARGE.subarray(5_000_000, 10_600_001))).toBe(true)
      expect(await harness.unfinished()).toEqual([])
    })

    it('leaves no part of a large object that breaks off, is too long or not as announced', async () => {
      const key = `uploads/${newId()}`
      const broken = Readable.from(
        (function* () {
          yield LARGE
          throw new Error('gone')
        })(),
      )
      await expect(harness.blobs.put(key, broken, options, by)).rejects.toMatchObject({ code: 'upload_interrupted' })
      for (const more of [{ maxBytes: LARGE.length - 1 }, { expect: { sha256: '0'.repeat(64) } }])
        await expect(harness.blobs.put(key, Readable.from([LARGE]), { ...options, ...more }, by)).rejects.toThrow()
      expect(await harness.unfinished()).toEqual([])
      expect(await harness.blobs.head(key, by)).toBeNull()
    })

    it('takes one of several large uploads to a key that is for one use', async () => {
      const key = `uploads/${newId()}`
      const once = () => harness.blobs.put(key, Readable.from([LARGE]), { ...options, ifAbsent: true }, by)
      await once()
      await expect(once()).rejects.toMatchObject({ code: 'upload_already_received' })
      expect(await harness.unfinished()).toEqual([])
    })

    it('copies inside the storage', async () => {
      const [from, to] = [`uploads/${newId()}`, `private/${newId()}/a.jpg`]
      await put(from, sampleBytes(500))
      expect(await harness.blobs.copy(from, to, by)).toBe(true)
      expect(await readAll(await harness.blobs.read(to, null, by))).toEqual(sampleBytes(500))
      expect(await harness.blobs.copy(`uploads/${newId()}`, to, by)).toBe(false)
    })

    it('lists and removes more than fit into one call', async () => {
      const folder = `private/${newId()}`
      const keys = Array.from({ length: DELETE_BATCH + 5 }, (_, index) => `${folder}/${String(index).padStart(5, '0')}`)
      for (let at = 0; at < keys.length; at += 50)
        await Promise.all(keys.slice(at, at + 50).map(key => put(key, Buffer.from('x'))))
      expect(await list(`${folder}/`)).toEqual(keys)
      expect(await harness.blobs.remove([...keys, ...keys.slice(0, 3)], by)).toEqual([])
      expect(await list(`${folder}/`)).toEqual([])
      expect(await harness.blobs.remove([], by)).toEqual([])
    })

    it('reads nothing behind the end, and nothing of what is empty', async () => {
      const key = `uploads/${newId()}`
      await put(key, Buffer.alloc(0))
      expect(await readAll(await harness.blobs.read(key, { start: 0, end: 9 }, by))).toEqual(Buffer.alloc(0))
      await put(key, sampleBytes(10))
      expect(await readAll(await harness.blobs.read(key, { start: 10, end: 19 }, by))).toEqual(Buffer.alloc(0))
    })

    it('lets a reader go before the end', async () => {
      const key = `uploads/${newId()}`
      await harness.blobs.put(key, Readable.from([LARGE]), options, by)
      for (let round = 0; round < 60; round++) {
        const stream = await harness.blobs.read(key, null, by)
        if (!stream) throw new Error('It is there')
        for await (const _ of stream) break
        if (!stream.closed) await new Promise(resolve => stream.once('close', resolve))
      }
    })
  })
}
