import { type Image, ImageList } from '@calotype/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { askUploadUrl, call, problemOf, uploadReady } from '../client.ts'
import { draw, freshJpeg, freshSeed } from '../drawing/photo.ts'
import { PRIVATE, privateJpeg } from '../drawing/private-photo.ts'
import type { Target } from '../target.ts'

export function listingCases(target: Target): void {
  describe('lists', () => {
    /** In every name of this file's images, so that others do not disturb. */
    const mark = `list-${freshSeed()}`
    let images: Image[]
    const list = async (query: Record<string, string>): Promise<ImageList> => {
      const answer = await call(target, `/images?${new URLSearchParams(query)}`)
      if (answer.status !== 200) throw new Error(`The list was answered ${answer.status}: ${await answer.text()}`)
      return ImageList.parse(await answer.json())
    }
    const ids = ({ items }: ImageList) => items.map(image => image.id)

    beforeAll(async () => {
      images = []
      for (const at of [1, 2, 3, 4]) {
        const bytes = await freshJpeg({ width: 90, height: 60 })
        images.unshift(await uploadReady(target, bytes, { name: `${mark}-${at}.jpg` }))
      }
      const png = await draw({ seed: freshSeed(), width: 90, height: 60 }).png().toBuffer()
      images.unshift(await uploadReady(target, png, { name: `${mark}-5.png`, type: 'image/png' }))
      images.unshift(await uploadReady(target, await privateJpeg(), { name: `${mark}-6 100%_.jpg` }))
    })

    it('come newest first, a page at a time, each image once', async () => {
      const expected = images.map(image => image.id)
      expect(ids(await list({ q: mark }))).toEqual(expected)
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: ImageList = await list({ q: mark, limit: '4', ...(cursor === null ? {} : { cursor }) })
        seen.push(...ids(page))
        cursor = page.next_cursor
      } while (cursor !== null)
      expect(seen).toEqual(expected)
    })

    it('have no next page when the last one is full', async () => {
      expect((await list({ q: mark, limit: '6' })).next_cursor).toBeNull()
    })

    it('hold what the image itself answers', async () => {
      const { items } = await list({ q: `${mark}-5.png` })
      const answer = await call(target, `/images/${images[1]?.id}`)
      expect(items).toEqual([await answer.json()])
    })

    it.each([
      [{ type: 'image/png' }, [1]],
      [{ camera: PRIVATE.model }, [0]],
      [{ status: 'ready' }, [0, 1, 2, 3, 4, 5]],
      [{ status: 'failed' }, []],
      [{ from: '2999-01-01T00:00:00Z' }, []],
      [{ to: '2001-01-01T00:00:00Z' }, []],
      [{ from: '2001-01-01T00:00:00Z', to: '2999-01-01T00:00:00+02:00' }, [0, 1, 2, 3, 4, 5]],
      [{ reference: 'nobody' }, []],
    ] as const)('filter by %j', async (filter, expected) => {
      expect(ids(await list({ q: mark, ...filter }))).toEqual(expected.map(at => images[at]?.id))
    })

    it('take the signs of a search as they are', async () => {
      expect(ids(await list({ q: `${mark}-6 100%_` }))).toEqual([images[0]?.id])
      expect(ids(await list({ q: `${mark}_6` }))).toEqual([])
      expect(ids(await list({ q: `${mark}%` }))).toEqual([])
      expect(ids(await list({ q: `${mark.toUpperCase()}-5` }))).toEqual([images[1]?.id])
    })

    it('show deleted ones only when asked for', async () => {
      const name = `${mark}-gone.jpg`
      const { id } = await uploadReady(target, await freshJpeg(), { name })
      await call(target, `/images/${id}`, { method: 'DELETE' })
      expect(ids(await list({ q: name }))).toEqual([])
      expect(ids(await list({ q: name, status: 'deleted' }))).toEqual([id])
    })

    it('show uploads that are expected', async () => {
      const { image_id } = await askUploadUrl(target, { file_size: 10, file_name: `${mark}-pending.jpg` })
      expect(ids(await list({ status: 'pending_upload', q: `${mark}-pending` }))).toEqual([image_id])
    })

    it.each([
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=nonsense',
      'status=happy',
      'from=yesterday',
      'project_id=1',
      `q=${'a'.repeat(256)}`,
    ])('refuse ?%s', async query => {
      const answer = await call(target, `/images?${query}`)
      expect(answer.status).toBe(400)
      expect((await problemOf(answer)).code).toBe(query.startsWith('cursor') ? 'invalid_cursor' : 'invalid_request')
    })
  })

  describe('an image', () => {
    it('is revalidated by its ETag', async () => {
      const { id } = await uploadReady(target, await freshJpeg())
      const first = await call(target, `/images/${id}`)
      const etag = first.headers.get('etag') ?? ''
      expect(etag).toMatch(/^"[^"]+"$/)
      expect((await call(target, `/images/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
      await call(target, `/images/${id}`, { method: 'DELETE' })
      expect((await call(target, `/images/${id}`, { headers: { 'if-none-match': etag } })).status).toBe(200)
    })

    it('of nobody’s is not found', async () => {
      const answer = await call(target, '/images/01K00000000000000000000000')
      expect(answer.status).toBe(404)
      expect(await problemOf(answer)).toMatchObject({ code: 'not_found' })
    })
  })
}
