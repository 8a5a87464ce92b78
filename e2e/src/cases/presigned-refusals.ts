import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { askUploadUrl, blobOf, call, getImage, problemOf, putBytes } from '../client.ts'
import { blobsOf } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, type Target } from '../target.ts'

const JPEG = { 'content-type': 'image/jpeg' }

/** A PUT that does not say how long it is. */
function putChunked(url: string, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'PUT', headers: { ...JPEG, 'transfer-encoding': 'chunked' } }, answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sending.on('error', reject)
    sending.end(bytes)
  })
}

/** The query parameter changed, as somebody would who wants more than was granted. */
function alter(url: string, name: string, value: string): string {
  const altered = new URL(url)
  altered.searchParams.set(name, value)
  return altered.href
}

export function presignedRefusalCases(target: Target): void {
  describe('refusals of signed uploads', () => {
    /** A granted upload whose refusal must leave the disk as it was. */
    const refused = async (
      attempt: (granted: { upload_url: string; image_id: string }, bytes: Buffer) => Promise<Response>,
      expected: { status: number; code: string },
    ) => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      const before = isLocal ? await blobsOf(target.local().dataDirectory) : []
      const answer = await attempt(granted, bytes)
      expect(answer.status).toBe(expected.status)
      expect((await problemOf(answer)).code).toBe(expected.code)
      if (isLocal) expect(await blobsOf(target.local().dataDirectory)).toEqual(before)
      expect((await getImage(target, granted.image_id)).status).toBe('pending_upload')
    }
    const complete = (id: string) => call(target, `/images/${id}/complete`, { method: 'POST', json: {} })
    const invalid = { status: 403, code: 'invalid_signature' }

    it.each([
      ['another type', { 'content-type': 'image/png' }],
      ['a type with parameters', { 'content-type': 'image/jpeg; charset=utf-8' }],
      ['no type', {}],
    ])('refuses %s', (_what, headers) =>
      refused(({ upload_url }, bytes) => putBytes(upload_url, bytes, { ...headers }), invalid),
    )

    it('refuses one byte less and one byte more', async () => {
      await refused(({ upload_url }, bytes) => putBytes(upload_url, bytes.subarray(1), JPEG), invalid)
      const more = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])
      await refused(({ upload_url }, bytes) => putBytes(upload_url, more(bytes), JPEG), invalid)
    })

    it('refuses an empty body', () => refused(({ upload_url }) => putBytes(upload_url, Buffer.alloc(0), JPEG), invalid))

    it.each([
      ['a later expiry', 'expires', '4102444800'],
      ['an earlier expiry', 'expires', '1000000000'],
      ['another type', 'content-type', 'image/png'],
      ['another size', 'size', '99'],
      ['another key', 'key', 'uploads/01K00000000000000000000000'],
      ['another project', 'project', '01K00000000000000000000000'],
      ['one parameter more', 'x', 'y'],
      ['an empty signature', 'signature', ''],
    ])('refuses a URL with %s', (_what, name, value) =>
      refused(({ upload_url }, bytes) => putBytes(alter(upload_url, name, value), bytes, JPEG), invalid),
    )

    it('refuses every other last character of the signature', () =>
      refused(async ({ upload_url }, bytes) => {
        const last = upload_url.at(-1) ?? ''
        const others = [...'0123456789abcdefABCDEF'].filter(character => character !== last)
        const answers = await Promise.all(
          others.map(other => putBytes(`${upload_url.slice(0, -1)}${other}`, bytes, JPEG)),
        )
        expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([403]))
        return putBytes(upload_url.slice(0, -1), bytes, JPEG)
      }, invalid))

    it('refuses a URL for another image, another method and none at all', async () => {
      const other = await askUploadUrl(target, { file_size: 10 })
      await refused(
        ({ upload_url, image_id }, bytes) => putBytes(upload_url.replace(image_id, other.image_id), bytes, JPEG),
        invalid,
      )
      await refused(({ upload_url }, bytes) => putBytes(upload_url.split('?')[0] ?? '', bytes, JPEG), invalid)
    })

    it('refuses bytes that are not what the signed SHA-256 says, and takes the right ones afterwards', async () => {
      const bytes = await freshJpeg()
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const granted = await askUploadUrl(target, { file_size: bytes.length, sha256 })
      const before = isLocal ? await blobsOf(target.local().dataDirectory) : []
      const flipped = Buffer.from(bytes)
      flipped[200] = (flipped[200] ?? 0) ^ 1
      const wrong = await putBytes(granted.upload_url, flipped, granted.headers)
      expect(wrong.status).toBe(422)
      expect(await problemOf(wrong)).toMatchObject({ code: 'checksum_mismatch' })
      if (isLocal) expect(await blobsOf(target.local().dataDirectory)).toEqual(before)
      expect((await putBytes(granted.upload_url, bytes, granted.headers)).status).toBe(200)
      expect((await complete(granted.image_id)).status).toBe(202)
    })

    it('takes one upload per URL, also when two come at once', async () => {
      const bytes = await freshJpeg()
      const { upload_url, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      const answers = await Promise.all([1, 2, 3].map(() => putBytes(upload_url, bytes, JPEG)))
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 412, 412])
      const later = await putBytes(upload_url, bytes, JPEG)
      expect(later.status).toBe(412)
      expect(await problemOf(later)).toMatchObject({ code: 'upload_already_received' })
      expect((await complete(image_id)).status).toBe(202)
    })

    it('refuses an upload for an image that was deleted', async () => {
      const bytes = await freshJpeg()
      const { upload_url, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      expect((await call(target, `/images/${image_id}`, { method: 'DELETE' })).status).toBe(202)
      const answer = await putBytes(upload_url, bytes, JPEG)
      expect(answer.status).toBe(410)
      expect(await problemOf(answer)).toMatchObject({ code: 'upload_expired' })
      if (isLocal) expect((await blobsOf(target.local().dataDirectory)).join()).not.toContain(image_id)
    })

    it('refuses a chunked body with 411', async () => {
      const bytes = await freshJpeg()
      const { upload_url, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      expect(await putChunked(upload_url, bytes)).toBe(411)
      if (isLocal) expect((await blobsOf(target.local().dataDirectory)).join()).not.toContain(image_id)
    })

    it('refuses a form whose fields were altered or whose file has another type', async () => {
      const bytes = await freshJpeg()
      const { upload_url, fields, image_id } = await askUploadUrl(target, {})
      const post = (change: Record<string, string>, type: string) => {
        const form = new FormData()
        for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value)
        form.append('file', blobOf(bytes, type), 'photo.jpg')
        return fetch(upload_url, { method: 'POST', body: form })
      }
      for (const answer of [
        await post({ 'max-bytes': '999999999' }, 'image/jpeg'),
        await post({ expires: '4102444800' }, 'image/jpeg'),
        await post({}, 'image/png'),
      ]) {
        expect(answer.status).toBe(403)
        expect(await problemOf(answer)).toMatchObject({ code: 'invalid_signature' })
      }
      if (isLocal) expect((await blobsOf(target.local().dataDirectory)).join()).not.toContain(image_id)
    })
  })
}
