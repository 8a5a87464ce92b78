import type { SignedUrls } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { createSignedUrlSource, ownAddress } from './signed-urls.ts'

const start = Date.parse('2026-11-20T12:00:00.000Z')

function harness(options: { keep?: number } = {}) {
  const asked: number[] = []
  const clock = { now: start }
  const source = createSignedUrlSource({
    ...options,
    now: () => clock.now,
    fetch: async (ids): Promise<SignedUrls> => {
      asked.push(ids.length)
      const expires_at = new Date(clock.now + 600_000).toISOString()
      const found = ids.filter(id => id !== 'missing')
      return {
        items: found.map(image_id => ({ image_id, download_url: `/cdn/${image_id}`, expires_at })),
        not_found: [],
      }
    },
  })
  return { source, asked, clock }
}

test('many tiles are one call of fifty, and one more for the rest', async () => {
  const { source, asked } = harness()
  const urls = await Promise.all(Array.from({ length: 60 }, (_, index) => source.load(`${index}`)))
  expect(asked).toEqual([50, 10])
  expect(urls[7]).toBe('/cdn/7')
})

test('the same image is asked for once within its window and again after it', async () => {
  const { source, asked, clock } = harness()
  await Promise.all([source.load('a'), source.load('a')])
  await source.load('a')
  expect(asked).toEqual([1])
  clock.now += 590_000
  expect(source.peek('a')).toBeNull()
  await source.load('a')
  expect(asked).toEqual([1, 1])
})

test('one that has no URL is told so, and one that is forgotten is asked for again', async () => {
  const { source, asked } = harness()
  expect(await source.load('missing')).toBeNull()
  await source.load('a')
  source.forget('a')
  await source.load('a')
  expect(asked).toEqual([1, 1, 1])
})

test('only so many are remembered', async () => {
  const { source } = harness({ keep: 2 })
  for (const id of ['a', 'b', 'c']) await source.load(id)
  expect([source.peek('a'), source.peek('b'), source.peek('c')]).toEqual([null, '/cdn/b', '/cdn/c'])
})

test('the embedded delivery is reached under our own address, another one under its own', () => {
  expect(ownAddress('http://127.0.0.1:3000/cdn/private/a.avif?s=1')).toBe('/cdn/private/a.avif?s=1')
  expect(ownAddress('https://d1.cloudfront.net/private/a.avif?s=1')).toBe(
    'https://d1.cloudfront.net/private/a.avif?s=1',
  )
})
