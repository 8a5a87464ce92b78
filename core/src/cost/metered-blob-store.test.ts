import { expect, it } from 'vitest'
import { bodyOf, createMemoryBlobStore, createTemporaryWorkspace, sampleBytes } from '../testing/index.ts'
import { type Meter, meterBlobStore } from './metered-blob-store.ts'

it('counts every call for the project that caused it, and changes no answer', async () => {
  const counted: unknown[] = []
  const meter: Meter = { count: (by, usage) => void counted.push([by, usage]) }
  const plain = createMemoryBlobStore()
  const blobs = meterBlobStore(plain, meter)
  const by = { projectId: 'p1', purpose: 'variant' as const }
  const bytes = sampleBytes(10)
  await blobs.put('a/b', bodyOf(bytes), { maxBytes: 10, contentType: 'image/jpeg' }, by)
  await createTemporaryWorkspace().use(async directory => {
    expect(await blobs.fetchToFile('a/b', directory.path('file'), by)).toBe(true)
    await blobs.putFile('a/c', directory.path('file'), 'image/jpeg', by)
  })
  expect(await blobs.head('a/b', by)).toMatchObject({ sizeBytes: 10 })
  expect(await blobs.read('a/x', null, by)).toBeNull()
  expect(await blobs.readWhole('a/b', 5, by)).toBe('too_large')
  const keys: string[] = []
  for await (const info of blobs.list('a/', by)) keys.push(info.key)
  expect(keys).toEqual(['a/b', 'a/c'])
  expect(await blobs.remove(['a/b'], by)).toEqual([])
  await blobs.check()
  const [put, get] = [
    [by, { puts: 1 }],
    [by, { gets: 1 }],
  ]
  // A list costs as much as a write; a removal costs nothing.
  expect(counted).toEqual([put, get, put, get, get, get, put])
  expect(blobs.uriPrefix).toBe(plain.uriPrefix)
})
