import { describe, expect, it } from 'vitest'

import { type Photo, resolvePhotoUrl } from './resolve-photo-url.ts'

const CDN = 'https://cdn.example.org/private/p/i/r'
const moved: Photo = {
  originalUrl: 'roofs/a.jpg',
  thumbnailUrl: 'roofs/a-small.jpg',
  s3Key: 'uploads/01K9Z5J8Q3T7W2X4Y6A8B0C2D4',
  cdnEnabled: true,
  formats: {
    webp: `${CDN}/full.webp`,
    avif: { original: `${CDN}/full.avif`, thumbnail: `${CDN}/thumb.avif` },
    jpeg: { original: `${CDN}/full.jpg`, thumbnail: `${CDN}/thumb.jpg` },
  },
}

describe('a photo that was moved', () => {
  it.each([
    ['avif', `${CDN}/full.avif`],
    ['webp', `${CDN}/full.webp`],
    ['jpeg', `${CDN}/full.jpg`],
  ] as const)('answers the preferred format %s', (format, url) => {
    expect(resolvePhotoUrl(moved, format)).toBe(url)
  })

  it('answers its original when nothing is preferred, or the preferred format is not there', () => {
    expect(resolvePhotoUrl(moved)).toBe('/uploads/roofs/a.jpg')
    const formats = { jpeg: { original: `${CDN}/full.jpg` }, webp: null, avif: { original: '', thumbnail: null } }
    for (const format of ['webp', 'avif'] as const)
      expect(resolvePhotoUrl({ ...moved, formats }, format)).toBe('/uploads/roofs/a.jpg')
    const originalUrl = 'https://old.example.org/a.jpg'
    expect(resolvePhotoUrl({ ...moved, originalUrl, formats: null }, 'avif')).toBe(originalUrl)
  })

  it('answers a thumbnail where the preferred format has nothing else', () => {
    expect(resolvePhotoUrl({ formats: { avif: { thumbnail: 'https://x.org/t.avif' } } }, 'avif')).toBe(
      'https://x.org/t.avif',
    )
  })

  it('answers its original while the CDN is off, and a format only where there is no original', () => {
    expect(resolvePhotoUrl({ ...moved, cdnEnabled: false }, 'avif')).toBe('/uploads/roofs/a.jpg')
    expect(resolvePhotoUrl({ ...moved, cdnEnabled: false, originalUrl: null }, 'avif')).toBe(`${CDN}/full.avif`)
    expect(resolvePhotoUrl({ ...moved, originalUrl: ' ' })).toBe(`${CDN}/full.jpg`)
  })
})

describe('a photo of the old shape', () => {
  it.each([
    ['http://old.example.org/a b.jpg', 'http://old.example.org/a b.jpg'],
    ['HTTPS://old.example.org/a.jpg?x=1#y', 'HTTPS://old.example.org/a.jpg?x=1#y'],
    ['a.jpg', '/uploads/a.jpg'],
    ['/a.jpg', '/uploads/a.jpg'],
    ['//a.jpg', '/uploads/a.jpg'],
    ['2024/05/a.jpg', '/uploads/2024/05/a.jpg'],
    ['uploads/a.jpg', '/uploads/a.jpg'],
    ['/uploads/a.jpg', '/uploads/a.jpg'],
    ['/srv/app/uploads/2024/a.jpg', '/uploads/2024/a.jpg'],
    ['C:\\app\\uploads\\a.jpg', '/uploads/a.jpg'],
    ['my-uploads/a.jpg', '/uploads/my-uploads/a.jpg'],
    ['httpd.jpg', '/uploads/httpd.jpg'],
    ['javascript:alert(1)', '/uploads/javascript:alert(1)'],
  ])('with the original %s is shown from %s', (originalUrl, url) => {
    expect(resolvePhotoUrl({ originalUrl, thumbnailUrl: 'small.jpg' }, 'avif')).toBe(url)
  })

  it('is shown from its thumbnail when it has no original', () => {
    expect(resolvePhotoUrl({ originalUrl: null, thumbnailUrl: 'small.jpg' })).toBe('/uploads/small.jpg')
  })

  it('without any URL is shown from nowhere', () => {
    const rows = [null, undefined, {}, { s3Key: 'uploads/x' }, { originalUrl: '', thumbnailUrl: '  ', formats: {} }]
    for (const row of rows) expect(resolvePhotoUrl(row, 'webp')).toBeUndefined()
  })
})

/** A generator that gives the same numbers again: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const JUNK: readonly unknown[] = [
  null,
  undefined,
  0,
  7,
  true,
  false,
  '',
  ' ',
  [],
  {},
  [null],
  Symbol('x'),
  () => 1,
  Number.NaN,
]
const TEXTS = ['a.jpg', '/uploads/a.jpg', 'https://x.org/a.webp', '\\uploads\\', 'uploads/', '/', '\u0000', '\ud800']

it('never throws, and finds a URL in every row that has one: 20,000 random rows', () => {
  const random = seeded(62)
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]
  const text = () => (random() < 0.5 ? pick(TEXTS) : pick(JUNK))
  const format = () => (random() < 0.5 ? text() : { original: text(), thumbnail: text() })
  const isUrl = (value: unknown) => typeof value === 'string' && value.trim() !== ''
  const hasUrl = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return isUrl(value)
    return ['original', 'thumbnail'].some(name => isUrl(Reflect.get(value, name)))
  }
  for (let round = 0; round < 20_000; round++) {
    const formats = { webp: format(), avif: format(), jpeg: format() }
    const row = { originalUrl: text(), thumbnailUrl: text(), s3Key: text(), cdnEnabled: pick(JUNK), formats }
    const url = Reflect.apply(resolvePhotoUrl, undefined, [row, pick(['webp', 'avif', 'jpeg', undefined, 'gif'])])
    const any = [row.originalUrl, row.thumbnailUrl, ...Object.values(formats)].some(hasUrl)
    expect(typeof url, JSON.stringify(row)).toBe(any ? 'string' : 'undefined')
    expect(url).not.toBe('')
  }
  for (const row of JUNK) expect(() => Reflect.apply(resolvePhotoUrl, undefined, [row, 'webp'])).not.toThrow()
})
