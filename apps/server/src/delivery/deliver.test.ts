import { Readable } from 'node:stream'
import { createMemoryBlobStore, createTestClock } from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { findDelivery, parseDeliveryKey } from './deliver.ts'
import { createObjectCache } from './object-cache.ts'

const FOLDER = 'private/01ARZ3NDEKTSV4RRFFQ69G5FAV/01BX5ZZKBKACTAV9WEVGEMMVRZ/0123456789ab'
const MODERN = 'image/avif,image/webp,*/*'

/** The type that is delivered for a key without extension, all three formats being there. */
const delivered = async (folder: string, accept: string): Promise<string | undefined> => {
  const blobs = createMemoryBlobStore(createTestClock())
  const by = { projectId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', purpose: 'variant' as const }
  for (const extension of ['avif', 'webp', 'jpg'])
    await blobs.put(`${folder}/full.${extension}`, Readable.from(['picture']), { maxBytes: 100, contentType: '' }, by)
  const key = parseDeliveryKey(`${folder}/full`)
  if (key === null) throw new Error('no key of ours')
  const found = await findDelivery({ blobs }, createObjectCache(1_000), key, accept)
  return found?.kind === 'whole' ? found.object.contentType : undefined
}

it('gives every browser an animation that moves, and the first frame to those that know no WebP', async () => {
  expect(await delivered(FOLDER, MODERN)).toBe('image/avif')
  expect(await delivered(`${FOLDER}-a`, MODERN)).toBe('image/webp')
  expect(await delivered(`${FOLDER}-a`, 'image/avif')).toBe('image/jpeg')
})
