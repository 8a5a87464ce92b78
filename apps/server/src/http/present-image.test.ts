import { Image as WireImage } from '@calotype/contract'
import { IMAGE_STATUSES, type Image, ROLES } from '@calotype/core'
import { testActor, testImage, testMetadata, testVariant } from '@calotype/core/testing'
import { describe, expect, it } from 'vitest'
import { presentImage } from './present-image.ts'

const SECRET = { latitude: 52.520_008, longitude: 13.404_954, altitude: 34 }
const SHA256 = 'ab'.repeat(32)

const withEverything = (overrides: Partial<Image> = {}): Image =>
  testImage({
    status: 'ready',
    contentType: 'image/jpeg',
    sizeBytes: 1_000_000,
    sha256: SHA256,
    metadata: testMetadata({ gps: SECRET, camera_make: 'Canon', exif: { Software: 'x' } }),
    placeholder: { thumbhash: 'AAAA', color: '#8a7f70' },
    variants: [
      testVariant('private/p/i/r/full.avif', { format: 'avif', sizeBytes: 51_234 }),
      testVariant('private/p/i/r/full.jpg', { sizeBytes: 90_000 }),
      testVariant('private/p/i/r/thumb.jpg', { name: 'thumb', sizeBytes: 5_000 }),
    ],
    originalKey: 'uploads/original',
    analysis: { status: 'completed', types: ['damage'], result: { found: 'rust' }, updatedAt: new Date() },
    ...overrides,
  })

const present = (image: Image, actor = testActor()) => presentImage(image, { actor, uriPrefix: 'disk://' })

describe('an image as a caller sees it', () => {
  it.each(IMAGE_STATUSES)('is what the contract says when it is %s', status => {
    expect(WireImage.safeParse(present(withEverything({ status })))).toMatchObject({ success: true })
    expect(WireImage.safeParse(present(testImage({ status })))).toMatchObject({ success: true })
  })

  it.each(ROLES)('shows where it was taken by right only: %s', role => {
    const image = withEverything()
    const seen = present(image, testActor({ role }))
    expect(seen.metadata?.gps).toEqual(role === 'viewer' ? null : SECRET)
    expect(seen.metadata?.camera_make).toBe('Canon')
    if (role === 'viewer') expect(JSON.stringify(seen)).not.toMatch(/52\.52|13\.40/)
  })

  it('shows it to a service by its scopes, and to nobody out of reach', () => {
    const image = withEverything()
    const gpsFor = (actor: Parameters<typeof testActor>[0]) => present(image, testActor(actor)).metadata?.gps
    expect(gpsFor({ scopes: ['image.read'] })).toBeNull()
    expect(gpsFor({ scopes: ['image.read', 'image.read_private'] })).toEqual(SECRET)
    expect(gpsFor({ projectIds: ['another'] })).toBeNull()
    expect(image.metadata?.gps).toEqual(SECRET)
  })

  it('shows nothing of what a deleted one held', () => {
    const seen = present(withEverything({ status: 'deleted', deletedAt: new Date() }))
    expect(seen).toMatchObject({
      status: 'deleted',
      metadata: null,
      variants: [],
      placeholder: null,
      saved_percent: null,
    })
    expect(seen).toMatchObject({ storage_uri: null, analysis: { result: null } })
    expect(JSON.stringify(seen)).not.toMatch(/private\/|Canon|rust|52\.52|thumbhash":"/)
  })

  it('counts what the smallest full saves', () => {
    expect(present(withEverything()).saved_percent).toBe(94.88)
    expect(present(withEverything({ sizeBytes: null })).saved_percent).toBeNull()
    expect(present(withEverything({ sizeBytes: 0 })).saved_percent).toBeNull()
    expect(present(withEverything({ variants: [] })).saved_percent).toBeNull()
    expect(present(withEverything({ sizeBytes: 50_000 })).saved_percent).toBe(-2.47)
  })

  it('says what was announced until it is known', () => {
    const pending = testImage({ declaredSize: 5, declaredSha256: SHA256 })
    expect(present(pending)).toMatchObject({
      size_bytes: 5,
      sha256: SHA256,
      storage_uri: `disk://uploads/${pending.id}`,
    })
    expect(present(withEverything())).toMatchObject({ storage_uri: 'disk://uploads/original' })
  })
})
