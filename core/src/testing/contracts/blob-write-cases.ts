import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { PutOptions } from '../../blob-store.ts'
import { newId } from '../../ids.ts'
import { corruptImage } from '../../rendering/index.ts'
import { bodyOf, readAll, sampleBytes, sha256Of } from './bytes.ts'
import type { BlobStoreHarness } from './harness.ts'

const by = { projectId: 'project', purpose: 'original' as const }
const options = (more: Partial<PutOptions> = {}): PutOptions => ({ maxBytes: 1e9, contentType: 'image/jpeg', ...more })

export function blobWriteCases(harness: () => BlobStoreHarness): void {
  const newKey = () => `uploads/${newId()}`
  const stored = async (key: string) => readAll(await harness().blobs.read(key, null, by))
  const expectNothing = async (key: string) => {
    expect(await harness().blobs.head(key, by)).toBeNull()
    expect((await harness().leftovers?.()) ?? []).toEqual([])
  }

  it.each([0, 1, 5_000, 300_000])('stores %i bytes and says how many and which', async length => {
    const [key, bytes] = [newKey(), sampleBytes(length)]
    const answer = await harness().blobs.put(key, bodyOf(bytes), options(), by)
    expect(answer).toEqual({ sizeBytes: length, sha256: sha256Of(bytes) })
    expect((await stored(key))?.equals(bytes)).toBe(true)
  })

  it('replaces what was there', async () => {
    const key = newKey()
    await harness().blobs.put(key, bodyOf(sampleBytes(2_000)), options(), by)
    await harness().blobs.put(key, bodyOf(sampleBytes(10)), options(), by)
    expect(await stored(key)).toEqual(sampleBytes(10))
  })

  it.each<[string, Partial<PutOptions>]>([
    ['file_too_large', { maxBytes: 2_999 }],
    ['size_mismatch', { expect: { sizeBytes: 2_999 } }],
    ['size_mismatch', { expect: { sizeBytes: 3_001 } }],
    ['checksum_mismatch', { expect: { sha256: sha256Of(sampleBytes(2_999)) } }],
  ])('refuses with %s what is not as announced (%o), and keeps nothing', async (code, more) => {
    const key = newKey()
    await expect(harness().blobs.put(key, bodyOf(sampleBytes(3_000)), options(more), by)).rejects.toMatchObject({
      code,
    })
    await expectNothing(key)
  })

  it('takes what is exactly as announced', async () => {
    const [key, bytes] = [newKey(), sampleBytes(3_000)]
    const announced = options({ maxBytes: 3_000, expect: { sizeBytes: 3_000, sha256: sha256Of(bytes) } })
    expect(await harness().blobs.put(key, bodyOf(bytes), announced, by)).toMatchObject({ sizeBytes: 3_000 })
  })

  it('stops reading a body that is too long, and does not destroy it', async () => {
    const body = new PassThrough()
    body.write(sampleBytes(5_000))
    const refused = harness().blobs.put(newKey(), body, options({ maxBytes: 4_999 }), by)
    await expect(refused).rejects.toMatchObject({ code: 'file_too_large' })
    expect(body.destroyed).toBe(false)
    body.destroy()
  })

  it('keeps nothing of a body that breaks off', async () => {
    const key = newKey()
    const broken = harness().blobs.put(key, bodyOf(sampleBytes(3_000), new Error('aborted')), options(), by)
    await expect(broken).rejects.toMatchObject({ code: 'upload_interrupted' })
    const closed = new PassThrough()
    closed.write(sampleBytes(3_000))
    setTimeout(() => closed.destroy(), 10)
    const early = harness().blobs.put(key, closed, options(), by)
    await expect(early).rejects.toMatchObject({ code: 'upload_interrupted' })
    await expectNothing(key)
  })

  it('lets a body that says why it fails speak for itself', async () => {
    const failing = bodyOf(sampleBytes(3_000), corruptImage('a reason'))
    await expect(harness().blobs.put(newKey(), failing, options(), by)).rejects.toMatchObject({ code: 'corrupt_image' })
  })

  it('leaves alone what a broken replacement would have replaced', async () => {
    const key = newKey()
    await harness().blobs.put(key, bodyOf(sampleBytes(100)), options(), by)
    const broken = harness().blobs.put(key, bodyOf(sampleBytes(50), new Error('aborted')), options(), by)
    await expect(broken).rejects.toThrow()
    expect(await stored(key)).toEqual(sampleBytes(100))
  })

  it('takes one of many uploads to a key that is for one use', async () => {
    const key = newKey()
    const once = () => harness().blobs.put(key, bodyOf(sampleBytes(4_000)), options({ ifAbsent: true }), by)
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, once))
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'upload_already_received' })
    await expect(once()).rejects.toMatchObject({ code: 'upload_already_received' })
    expect((await harness().leftovers?.()) ?? []).toEqual([])
  })

  it('puts a local file and brings it back to another', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'calotype-contract-'))
    try {
      const [key, source, target] = [newKey(), join(directory, 'source'), join(directory, 'target')]
      await writeFile(source, sampleBytes(70_000))
      const before = Date.now() - 2_000
      await harness().blobs.putFile(key, source, 'image/avif', by)
      expect((await stored(key))?.equals(sampleBytes(70_000))).toBe(true)
      expect((await harness().blobs.head(key, by))?.modifiedAt.getTime()).toBeGreaterThan(before)
      expect(await harness().blobs.fetchToFile(key, target, by)).toBe(true)
      expect((await readFile(target)).equals(sampleBytes(70_000))).toBe(true)
      expect(await harness().blobs.fetchToFile(newKey(), join(directory, 'none'), by)).toBe(false)
      await rm(target)
      expect((await stored(key))?.equals(sampleBytes(70_000))).toBe(true)
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it.each([
    '../up',
    'a/../../up',
    '/etc/passwd',
    'a//b',
    'a/',
    '.',
    'a/./b',
    'nul\0',
    'spa ce',
    'ü',
    '',
    'x'.repeat(513),
  ])('refuses the key %j', async key => {
    const { blobs } = harness()
    await expect(blobs.put(key, bodyOf(sampleBytes(1)), options(), by)).rejects.toMatchObject({ kind: 'invalid' })
    await expect(blobs.readWhole(key, 10, by)).rejects.toMatchObject({ kind: 'invalid' })
    await expect(blobs.remove([key], by)).rejects.toMatchObject({ kind: 'invalid' })
  })
}
