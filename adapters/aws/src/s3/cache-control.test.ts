import { expect, it } from 'vitest'
import { answer, startScriptedServer } from '../testing/scripted-server.ts'
import { cacheControlFor, DEFAULT_MAX_AGE } from './cache-control.ts'
import { createS3BlobStore } from './s3-blob-store.ts'

it.each([
  ['private/p/i/r/full.avif', 'max-age=31536000'],
  ['private/p/i/r-a/full.webp', 'max-age=31536000'],
  ['private/p/i/r/full.jpg', 'max-age=86400'],
  ['public/p/i/r/full.avif', 'public, max-age=31536000'],
  ['public/p/i/r/full.jpg', 'public, max-age=86400'],
  ['uploads/i', undefined],
  ['uploads/i.jpg', undefined],
  ['resumable/i/0-x', undefined],
])('says of %s to those who keep copies: %s', (key, header) => {
  expect(cacheControlFor(key, DEFAULT_MAX_AGE)).toBe(header)
})

it('takes other times', () => {
  expect(cacheControlFor('public/p/i/r/full.webp', { avifAndWebp: 60, jpeg: 5 })).toBe('public, max-age=60')
  expect(cacheControlFor('public/p/i/r/full.jpg', { avifAndWebp: 60, jpeg: 5 })).toBe('public, max-age=5')
})

it('is stored with the variant, and with nothing else', async () => {
  const stored = answer(200, '', { etag: '"d41d8cd98f00b204e9800998ecf8427e"' })
  const server = await startScriptedServer(stored, stored)
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
  const maxAge = { avifAndWebp: 60, jpeg: 5 }
  const blobs = createS3BlobStore({ region: 'r', bucket: 'photos', endpoint: server.endpoint, credentials, maxAge })
  try {
    for (const key of ['private/p/i/r/full.avif', 'uploads/i'])
      await blobs.putFile(key, import.meta.filename, 'image/avif', { projectId: 'p', purpose: 'variant' })
  } finally {
    blobs.close()
    await server.close()
  }
  expect(server.heard.map(({ headers }) => headers['cache-control'])).toEqual(['max-age=60', undefined])
})
