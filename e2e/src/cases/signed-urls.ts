import { type Image, SignedUrl, SignedUrls } from '@calotype/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { askUploadUrl, call, problemOf, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import type { Target } from '../target.ts'

const UNKNOWN = '01K00000000000000000000000'

export function signedUrlCases(target: Target): void {
  describe('signed URLs', () => {
    let image: Image
    beforeAll(async () => {
      image = await uploadReady(target, await freshJpeg())
    })
    const sign = async (query = '', id = image.id) => {
      const answer = await call(target, `/images/${id}/signed-url${query}`)
      if (answer.status !== 200) throw new Error(`signed-url was answered ${answer.status}`)
      return SignedUrl.parse(await answer.json())
    }

    it('are the same for everybody within a window', async () => {
      // Between two calls a window may end; then the next two are within one.
      const pair = async () => [await sign(), await sign()] as const
      let [first, second] = await pair()
      if (first.expires_at !== second.expires_at) [first, second] = await pair()
      expect(second).toEqual(first)
      expect(Date.parse(first.expires_at)).toBeGreaterThan(Date.now())
      expect(first.image_id).toBe(image.id)
      expect(first.variants).toBeUndefined()
    })

    it('name one variant and format, or all of them', async () => {
      const { download_url } = await sign('?variant=thumb&format=webp')
      const answer = await fetch(download_url)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp'])
      const { variants } = await sign('?include=variants')
      expect(Object.keys(variants ?? {}).sort()).toEqual(['full', 'thumb'])
      for (const formats of Object.values(variants ?? {})) {
        expect(Object.keys(formats).sort()).toEqual(['avif', 'jpeg', 'webp'])
        for (const [format, url] of Object.entries(formats)) {
          const found = await fetch(url)
          expect([found.status, found.headers.get('content-type')]).toEqual([200, `image/${format}`])
        }
      }
    })

    it('are refused for a variant, a format and an image that do not exist', async () => {
      const refused: [string, number, string][] = [
        [`/images/${image.id}/signed-url?variant=poster`, 404, 'not_found'],
        [`/images/${image.id}/signed-url?format=tiff`, 400, 'invalid_request'],
        [`/images/${UNKNOWN}/signed-url`, 404, 'not_found'],
        ['/images/nonsense/signed-url', 400, 'invalid_request'],
      ]
      for (const [path, status, code] of refused) {
        const answer = await call(target, path)
        expect([path, answer.status, (await problemOf(answer)).code]).toEqual([path, status, code])
      }
    })

    it('are refused while the image is not ready', async () => {
      const { image_id } = await askUploadUrl(target, { file_size: 1_000 })
      const answer = await call(target, `/images/${image_id}/signed-url`)
      expect(answer.status).toBe(404)
      expect(await problemOf(answer)).toMatchObject({ code: 'image_not_ready' })
    })

    describe('in a batch', () => {
      const batch = (image_ids: string[], variant?: string) =>
        call(target, '/images/signed-urls', { json: { image_ids, ...(variant ? { variant } : {}) } })

      it('come for up to 50 images, with those that are not there named', async () => {
        const more = await Promise.all(
          Array.from({ length: 3 }, async () => uploadReady(target, await freshJpeg({ width: 90, height: 60 }))),
        )
        const { image_id: pending } = await askUploadUrl(target, { file_size: 1_000 })
        const ready = [image.id, ...more.map(one => one.id)]
        const strangers = Array.from({ length: 45 }, (_, at) => `01K000000000000000000000${String(at + 10)}`)
        const answer = await batch([...ready, pending, ...strangers], 'thumb')
        expect(answer.status).toBe(200)
        const { items, not_found } = SignedUrls.parse(await answer.json())
        expect(items.map(item => item.image_id)).toEqual(ready)
        expect(not_found).toEqual([pending, ...strangers])
        expect((await fetch(items[0]?.download_url ?? '')).status).toBe(200)
      })

      it('are the ones that each image answers by itself', async () => {
        const items = async () => SignedUrls.parse(await (await batch([image.id, image.id])).json()).items
        let [many, one] = [await items(), await sign()]
        if (many[0]?.expires_at !== one.expires_at) [many, one] = [await items(), await sign()]
        expect(many).toEqual([one])
      })

      it.each([0, 51])('are refused for %i images', async count => {
        const answer = await batch(Array.from({ length: count }, () => image.id))
        expect(answer.status).toBe(400)
        expect(await problemOf(answer)).toMatchObject({ code: 'invalid_request' })
      })

      it('are refused for ids that are none', async () => {
        const answer = await batch(['../../etc/passwd'])
        expect(answer.status).toBe(400)
        expect((await problemOf(answer)).errors?.length).toBeGreaterThan(0)
      })
    })
  })
}
