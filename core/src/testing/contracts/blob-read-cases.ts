import { expect, it } from 'vitest'
import type { BlobInfo } from '../../blob-store.ts'
import { newId } from '../../ids.ts'
import { bodyOf, readAll, sampleBytes } from './bytes.ts'
import type { BlobStoreHarness } from './harness.ts'

const by = { projectId: 'project', purpose: 'care' as const }

export function blobReadCases(harness: () => BlobStoreHarness): void {
  const put = (key: string, length = 10) =>
    harness().blobs.put(key, bodyOf(sampleBytes(length)), { maxBytes: 1e9, contentType: 'image/jpeg' }, by)
  const list = async (prefix: string): Promise<BlobInfo[]> => {
    const infos: BlobInfo[] = []
    for await (const info of harness().blobs.list(prefix, by)) infos.push(info)
    return infos
  }

  it('tells key, size and time of an object', async () => {
    const key = `private/${newId()}/a.avif`
    await put(key, 321)
    const info = await harness().blobs.head(key, by)
    expect(info).toMatchObject({ key, sizeBytes: 321 })
    expect(info?.modifiedAt).toBeInstanceOf(Date)
  })

  it('answers null for what is not there, a folder of objects included', async () => {
    const folder = `private/${newId()}`
    await put(`${folder}/a.avif`)
    for (const key of [`uploads/${newId()}`, folder, `${folder}/a.avif/below`]) {
      expect(await harness().blobs.head(key, by)).toBeNull()
      expect(await harness().blobs.read(key, null, by)).toBeNull()
      expect(await harness().blobs.readWhole(key, 100, by)).toBeNull()
    }
  })

  it('reads ranges, both ends included, the last one cut at the end of the object', async () => {
    const [key, bytes] = [`uploads/${newId()}`, sampleBytes(3_000)]
    await put(key, 3_000)
    const read = async (start: number, end: number) => readAll(await harness().blobs.read(key, { start, end }, by))
    expect(await read(0, 0)).toEqual(bytes.subarray(0, 1))
    expect(await read(1_000, 1_999)).toEqual(bytes.subarray(1_000, 2_000))
    expect(await read(2_999, 2_999)).toEqual(bytes.subarray(2_999))
    expect(await read(2_500, 9_999)).toEqual(bytes.subarray(2_500))
  })

  it('reads a small object in one go, and a larger one not at all', async () => {
    const key = `uploads/${newId()}`
    await put(key, 500)
    expect(await harness().blobs.readWhole(key, 500, by)).toMatchObject({ bytes: sampleBytes(500) })
    expect(await harness().blobs.readWhole(key, 499, by)).toBe('too_large')
  })

  it('removes objects, and counts those already gone as removed', async () => {
    const folder = `private/${newId()}/image`
    const keys = [`${folder}/r1/a.avif`, `${folder}/r1/b.avif`, `${folder}/r2/a.avif`]
    for (const key of keys) await put(key)
    expect(await harness().blobs.remove([...keys.slice(0, 2), `${folder}/r9/none`], by)).toEqual([])
    expect((await list(`${folder}/`)).map(info => info.key)).toEqual(keys.slice(2))
  })

  it('lists by prefix in byte order of whole keys', async () => {
    const root = `private/${newId()}`
    const names = ['a', 'B', 'a-b', 'a.b', 'a.b-c/x', 'b/c/d', 'b/c.d', 'b/c-d', 'b0', 'bb/z', '_']
    const keys = names.map(name => `${root}/${name}`)
    for (const key of keys) await put(key, 7)
    const infos = await list(`${root}/`)
    expect(infos.map(info => info.key)).toEqual([...keys].sort())
    expect(infos.every(info => info.sizeBytes === 7)).toBe(true)
    const under = async (prefix: string) =>
      (await list(`${root}/${prefix}`)).map(info => info.key.slice(root.length + 1))
    expect(await under('b')).toEqual(['b/c-d', 'b/c.d', 'b/c/d', 'b0', 'bb/z'])
    expect(await under('b/')).toEqual(['b/c-d', 'b/c.d', 'b/c/d'])
    expect(await under('b/c/')).toEqual(['b/c/d'])
    expect(await under('none')).toEqual([])
    expect(await under('none/x/')).toEqual([])
  })

  it('stays whole while folders are emptied and filled at once', async () => {
    const folder = `private/${newId()}/image/recipe`
    const rounds = Array.from({ length: 40 }, (_, index) => `${folder}/${index % 4}.avif`)
    await Promise.all(
      rounds.map(async key => {
        await put(key)
        await harness().blobs.remove([key], by)
      }),
    )
    await put(`${folder}/last.avif`)
    expect((await list(`${folder}/`)).map(info => info.key)).toEqual([`${folder}/last.avif`])
  })

  it('answers when asked whether it is there', async () => {
    await expect(harness().blobs.check()).resolves.toBeUndefined()
  })
}
