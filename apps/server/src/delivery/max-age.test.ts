import { expect, it } from 'vitest'
import { parseDeliveryKey } from './deliver.ts'
import { createCacheControl } from './max-age.ts'

const cacheControlOf = createCacheControl({ avifAndWebp: 600, jpeg: 60 })
const KEY = 'public/01ARZ3NDEKTSV4RRFFQ69G5FAV/01BX5ZZKBKACTAV9WEVGEMMVRZ/0123456789ab/full'

function grant(expiresAt: number | null) {
  const key = parseDeliveryKey(KEY)
  if (!key) throw new Error('no key of ours')
  return { key, expiresAt }
}

it.each([
  ['image/avif', 'public, max-age=600'],
  ['image/webp', 'public, max-age=600'],
  ['image/jpeg', 'public, max-age=60'],
])('lets everybody keep a public %s for the time that is set', (type, header) => {
  expect(cacheControlOf(grant(null), type, 1_000)).toBe(header)
})

it('lets nobody keep a private one for longer than its URL is good', () => {
  expect(cacheControlOf(grant(1_300), 'image/avif', 1_000)).toBe('private, max-age=300')
})
