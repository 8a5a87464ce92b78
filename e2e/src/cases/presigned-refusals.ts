import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { UploadUrl } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { askUploadUrl, blobOf, call, getImage, isElsewhere, problemOf, putBytes } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isOpen, type Target } from '../target.ts'

/** A PUT that does not say how long it is. */
function putChunked({ upload_url, headers }: UploadUrl, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const more = { ...headers, 'transfer-encoding': 'chunked' }
    const sending = request(upload_url, { method: 'PUT', headers: more }, answer => {
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
    /** A granted upload whose refusal must leave nothing behind. */
    const refused = async (attempt: (granted: UploadUrl, bytes: Buffer) => Promise<Response>) => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      const answer = await attempt(granted, bytes)
      expect(answer.status).toBe(403)
      if (!isElsewhere(granted)) expect((await problemOf(answer)).code).toBe('invalid_signature')
      await expectNothing(granted.image_id)
      expect((await getImage(target, granted.image_id)).status).toBe('pending_upload')
    }
    const expectNothing = async (imageId: string) => {
      if (isOpen) expect((await target.objects()).filter(file => file.includes(imageId))).toEqual([])
    }
    const complete = (id: string) => call(target, `/images/${id}/complete`, { method: 'POST', json: {} })

    it.each([
      ['another type', 'image/png'],
      ['a type with parameters', 'image/jpeg; charset=utf-8'],
      ['no type', null],
    ])('refuses %s', (_what, type) =>
      refused(({ upload_url, headers: { 'content-type': _signed, ...others } }, bytes) =>
        putBytes(upload_url, bytes, type === null ? others : { ...others, 'content-type': type }),
      ),
    )

    it('refuses one byte less and one byte more', async () => {
      await refused(({ upload_url, headers }, bytes) => putBytes(upload_url, bytes.subarray(1), headers))
      const more = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])
      await refused(({ upload_url, headers }, bytes) => putBytes(upload_url, more(bytes), headers))
    })

    it('refuses an empty body', () =>
      refused(({ upload_url, headers }) => putBytes(upload_url, Buffer.alloc(0), headers)))

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
      refused(({ upload_url, headers }, bytes) => putBytes(alter(upload_url, name, value), bytes, headers)),
    )

    it('refuses every other last character of the signature', () =>
      refused(async ({ upload_url, headers }, bytes) => {
        const [signature = '', last = ''] = /signature=[0-9a-f]+([0-9a-f])/i.exec(upload_url) ?? []
        const endingIn = (character: string) => upload_url.replace(signature, signature.slice(0, -1) + character)
        const others = [...'0123456789abcdefABCDEF'].filter(character => character !== last)
        const answers = await Promise.all(others.map(other => putBytes(endingIn(other), bytes, headers)))
        expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([403]))
        return putBytes(endingIn(''), bytes, headers)
      }))

    it('refuses a URL for another image, another method and none at all', async () => {
      const other = await askUploadUrl(target, { file_size: 10 })
      await refused(({ upload_url, image_id, headers }, bytes) =>
        putBytes(upload_url.replace(image_id, other.image_id), bytes, headers),
      )
      await refused(({ upload_url, headers }, bytes) => putBytes(upload_url.split('?')[0] ?? '', bytes, headers))
    })

    it('refuses bytes that are not what the signed SHA-256 says, and takes the right ones afterwards', async () => {
      const bytes = await freshJpeg()
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const granted = await askUploadUrl(target, { file_size: bytes.length, sha256 })
      const flipped = Buffer.from(bytes)
      flipped[200] = (flipped[200] ?? 0) ^ 1
      const wrong = await putBytes(granted.upload_url, flipped, granted.headers)
      if (isElsewhere(granted) && wrong.status === 200) {
        // A storage that cannot compute SHA-256 leaves it to the worker.
        const refused = await getImage(target, granted.image_id, '?wait=ready')
        expect(refused).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
        return
      }
      expect(wrong.status).toBe(isElsewhere(granted) ? 400 : 422)
      if (!isElsewhere(granted)) expect(await problemOf(wrong)).toMatchObject({ code: 'checksum_mismatch' })
      await expectNothing(granted.image_id)
      expect((await putBytes(granted.upload_url, bytes, granted.headers)).status).toBe(200)
      expect((await complete(granted.image_id)).status).toBe(202)
    })

    it('takes one upload per URL, also when two come at once', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      const put = () => putBytes(granted.upload_url, bytes, granted.headers)
      const answers = await Promise.all([put(), put(), put()])
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 412, 412])
      const later = await put()
      expect(later.status).toBe(412)
      if (!isElsewhere(granted)) expect(await problemOf(later)).toMatchObject({ code: 'upload_already_received' })
      expect((await complete(granted.image_id)).status).toBe(202)
    })

    it('takes no upload for an image that was deleted', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      expect((await call(target, `/images/${granted.image_id}`, { method: 'DELETE' })).status).toBe(202)
      const answer = await putBytes(granted.upload_url, bytes, granted.headers)
      expect(answer.status).toBe(isElsewhere(granted) ? 200 : 410)
      expect(await getImage(target, granted.image_id)).toMatchObject({ status: 'deleted', storage_uri: null })
      // Storage does not know of it; there the sweep takes away what belongs to nothing.
      if (isElsewhere(granted)) return
      expect(await problemOf(answer)).toMatchObject({ code: 'upload_expired' })
      await expectNothing(granted.image_id)
    })

    it('refuses a chunked body', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      const status = await putChunked(granted, bytes)
      expect(isElsewhere(granted) ? [403, 411] : [411]).toContain(status)
      await expectNothing(granted.image_id)
    })

    it('refuses a form whose fields were altered or whose file has another type', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, {})
      const { upload_url, fields, image_id } = granted
      const post = (change: Record<string, string>, type: string) => {
        const form = new FormData()
        for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, value)
        form.append('file', blobOf(bytes, type), 'photo.jpg')
        return fetch(upload_url, { method: 'POST', body: form })
      }
      for (const answer of [
        await post({ 'max-bytes': '999999999' }, 'image/jpeg'),
        await post({ expires: '4102444800' }, 'image/jpeg'),
        // Storage goes by the field, whatever the part says.
        await post(isElsewhere(granted) ? { 'Content-Type': 'image/png' } : {}, 'image/png'),
      ]) {
        expect(answer.status).toBe(403)
        if (!isElsewhere(granted)) expect(await problemOf(answer)).toMatchObject({ code: 'invalid_signature' })
      }
      await expectNothing(image_id)
    })
  })
}
