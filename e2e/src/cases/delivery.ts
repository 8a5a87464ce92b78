import { type Image, SignedUrl } from '@calotype/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, problemOf, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { privateJpeg } from '../drawing/private-photo.ts'
import type { Target } from '../target.ts'

/** What `Accept` says, and what it has to bring. */
const NEGOTIATION: readonly (readonly [accept: string | null, type: string])[] = [
  ['image/avif,image/webp,image/apng,*/*;q=0.8', 'image/avif'],
  ['image/webp,*/*', 'image/webp'],
  ['image/avif;q=0,image/webp', 'image/webp'],
  ['image/avif;q=0, image/webp;q=0.0, image/jpeg', 'image/jpeg'],
  ['IMAGE/AVIF', 'image/avif'],
  ['image/avif ; q=0.5 , image/webp', 'image/avif'],
  ['image/avifx, text/html', 'image/jpeg'],
  ['*/*', 'image/jpeg'],
  ['image/*', 'image/jpeg'],
  ['text/html', 'image/jpeg'],
  ['', 'image/jpeg'],
]

export function deliveryCases(target: Target): void {
  describe('delivery', () => {
    let image: Image
    let url: string
    let avif: string
    beforeAll(async () => {
      image = await uploadReady(target, await privateJpeg(), { name: "Dach 'Süd' (1).jpg" })
      const answer = await call(target, `/images/${image.id}/signed-url?include=variants`)
      const signed = SignedUrl.parse(await answer.json())
      url = signed.download_url
      avif = signed.variants?.full?.avif ?? ''
    })

    it.each(NEGOTIATION)('answers Accept %j with %s', async (accept, type) => {
      const answer = await fetch(url, { headers: { accept: accept ?? '' } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type])
      expect(answer.headers.get('vary')?.toLowerCase()).toContain('accept')
    })

    it('lets pages of its own origin read them, and no foreign one', async () => {
      const own = new URL(url).origin
      const answer = await fetch(url, { headers: { origin: own } })
      expect(answer.headers.get('access-control-allow-origin')).toBe(own)
      expect(answer.headers.get('vary')?.toLowerCase()).toContain('origin')
      const foreign = await fetch(url, { headers: { origin: 'https://evil.example' } })
      expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    })

    it('serves with safe headers, and lets caches keep it no longer than the signature lives', async () => {
      const { status, headers } = await fetch(avif)
      expect(status).toBe(200)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
      expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
      expect(headers.get('set-cookie')).toBeNull()
      const maxAge = Number(/^private, max-age=(\d+)$/.exec(headers.get('cache-control') ?? '')?.[1])
      const left = Number(new URL(avif).searchParams.get('expires')) - Date.now() / 1_000
      expect(maxAge).toBeGreaterThan(0)
      expect(maxAge).toBeLessThanOrEqual(left + 2)
    })

    it('answers 304 for an ETag that is known', async () => {
      const first = await fetch(avif)
      const etag = first.headers.get('etag') ?? ''
      for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
        const again = await fetch(avif, { headers: { 'if-none-match': known } })
        expect([known, again.status, await again.text()]).toEqual([known, 304, ''])
        expect(again.headers.get('etag')).toBe(etag)
        expect(again.headers.get('cache-control')).toMatch(/^private, max-age=/)
      }
      expect((await fetch(avif, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    })

    it('answers ranges', async () => {
      const whole = Buffer.from(await (await fetch(avif)).arrayBuffer())
      const size = whole.length
      const ranges: [string, number, number][] = [
        ['bytes=0-99', 0, 99],
        ['bytes=100-', 100, size - 1],
        ['bytes=-50', size - 50, size - 1],
        [`bytes=10-${size + 1_000}`, 10, size - 1],
      ]
      for (const [range, start, end] of ranges) {
        const part = await fetch(avif, { headers: { range } })
        expect([range, part.status]).toEqual([range, 206])
        expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`)
        expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(start, end + 1))).toBe(true)
      }
      const outside = await fetch(avif, { headers: { range: `bytes=${size}-` } })
      expect(outside.status).toBe(416)
      expect(outside.headers.get('content-range')).toBe(`bytes */${size}`)
      await problemOf(outside)
      const changed = await fetch(avif, { headers: { range: 'bytes=0-9', 'if-range': '"other"' } })
      expect(changed.status).toBe(200)
    })

    it('answers HEAD like GET without the bytes', async () => {
      const [get, head] = [await fetch(avif), await fetch(avif, { method: 'HEAD' })]
      for (const name of ['content-type', 'content-length', 'etag'])
        expect(head.headers.get(name), name).toBe(get.headers.get(name))
      expect((await head.arrayBuffer()).byteLength).toBe(0)
    })

    it('refuses every URL that is not signed as it stands', async () => {
      const signature = new URL(avif).searchParams.get('signature') ?? ''
      const flipped = signature.endsWith('0') ? '1' : '0'
      const altered = [
        avif.replace(/signature=[0-9a-f]+/, `signature=${signature.slice(0, -1)}${flipped}`),
        avif.replace(signature, signature.toUpperCase()),
        avif.replace(/expires=\d+/, 'expires=4102444800'),
        avif.replace('full.avif', 'full.webp'),
        avif.replace('full.avif', 'full'),
        avif.split('?')[0] ?? '',
        `${avif}&x=1`,
      ]
      for (const bad of altered) {
        const answer = await fetch(bad)
        expect([bad, answer.status]).toEqual([bad, 403])
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(await problemOf(answer)).toMatchObject({ code: 'invalid_signature' })
      }
    })

    it.each(['/cdn/', '/cdn/uploads/x', '/cdn/..%2f..%2fowner.key', '/cdn/private/../../owner.key'])(
      'has nothing at %s',
      async path => {
        const answer = await fetch(`${target.url}${path}`)
        expect([403, 404]).toContain(answer.status)
      },
    )

    it('never gives out an original without a credential', async () => {
      const answer = await fetch(`${target.url}/cdn/uploads/${image.id}${new URL(avif).search}`)
      expect([403, 404]).toContain(answer.status)
    })

    it('serves /file under a credential: negotiated, revalidated, the original as attachment', async () => {
      const file = await call(target, `/images/${image.id}/file`, { headers: { accept: 'image/webp' } })
      expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/webp'])
      expect(file.headers.get('cache-control')).toBe('private, no-cache')
      const etag = file.headers.get('etag') ?? ''
      const headers = { accept: 'image/webp', 'if-none-match': etag }
      expect((await call(target, `/images/${image.id}/file`, { headers })).status).toBe(304)

      const original = await call(target, `/images/${image.id}/file?variant=original`)
      expect(original.status).toBe(200)
      expect((await original.arrayBuffer()).byteLength).toBe(image.size_bytes)
      expect(original.headers.get('content-type')).toBe('image/jpeg')
      expect(original.headers.get('content-disposition')).toContain(
        "filename*=UTF-8''Dach%20%27S%C3%BCd%27%20%281%29.jpg",
      )
      expect(original.headers.get('content-security-policy')).toContain('sandbox')
      expect((await fetch(`${target.url}/api/v1/images/${image.id}/file`)).status).toBe(401)
    })

    it('serves the same bytes on both ways', async () => {
      const small = await uploadReady(target, await freshJpeg())
      const signed = SignedUrl.parse(await (await call(target, `/images/${small.id}/signed-url?format=jpeg`)).json())
      const [cdn, file] = await Promise.all([
        fetch(signed.download_url).then(answer => answer.arrayBuffer()),
        call(target, `/images/${small.id}/file?format=jpeg`).then(answer => answer.arrayBuffer()),
      ])
      expect(Buffer.from(cdn).equals(Buffer.from(file))).toBe(true)
    })
  })
}
