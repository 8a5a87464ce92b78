import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImageExplanation, KnownUpload } from '@calotype/contract'
import { Upload } from 'tus-js-client'
import { describe, expect, it } from 'vitest'
import { call, getImage, problemOf, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import {
  BYTES_TYPE,
  base64,
  create,
  head,
  idOf,
  metadata,
  offsetOf,
  PHOTO,
  patch,
  sendPart,
  TUS,
} from '../resumable-client.ts'
import type { Target } from '../target.ts'

const CHUNK_BYTES = 4_096
/** The server hears of a connection that broke when it does; then what had come counts. */
const MAX_BREAKS = 20

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function resumableCases(target: Target): void {
  const begin = async (bytes: Uint8Array): Promise<string> => {
    const answer = await create(target, bytes.length)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`${target.url}/api/v1/images/resumable/${idOf(answer)}`)
    expect(Date.parse(answer.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now())
    return idOf(answer)
  }
  const refusal = async (answer: Promise<Response>) => {
    const { status, code } = await problemOf(await answer)
    return `${status} ${code}`
  }

  describe('resumable uploads', () => {
    it('are taken from tus-js-client, in chunks, to a ready image', async () => {
      const bytes = await freshJpeg()
      const id = await new Promise<string>((resolve, reject) => {
        const upload = new Upload(Buffer.from(bytes), {
          endpoint: `${target.url}/api/v1/images/resumable`,
          headers: { authorization: `Bearer ${target.key}` },
          metadata: PHOTO,
          chunkSize: CHUNK_BYTES,
          onSuccess: () => resolve(upload.url?.split('/').at(-1) ?? ''),
          onError: reject,
        })
        upload.start()
      })
      const ready = await getImage(target, id, '?wait=ready')
      expect(ready).toMatchObject({ status: 'ready', sha256: sha256(bytes), file_name: PHOTO.filename })
      expect(ready.history.map(entry => entry.status)).toEqual(['pending_upload', 'uploaded', 'processing', 'ready'])
      expect(await offsetOf(target, id)).toBe(bytes.length)
    })

    it('keep what came before the connection broke, and are not mixed up by two that go on at once', async () => {
      const bytes = await freshJpeg()
      const id = await begin(bytes)
      for (let round = 1; (await offsetOf(target, id)) === 0; round++) {
        if (round > MAX_BREAKS) throw new Error('Nothing was kept of a broken connection')
        const sent = sendPart(target, id, bytes.length, bytes.subarray(0, bytes.length / 2))
        await sleep(100 * round)
        sent.destroy()
        await eventually(
          () => offsetOf(target, id),
          offset => offset > 0,
          2_000,
        ).catch(() => 0)
      }
      const offset = await offsetOf(target, id)
      expect(offset).toBeLessThan(bytes.length)
      const { summary } = ImageExplanation.parse(await (await call(target, `/images/${id}/explain`)).json())
      expect(summary).toContain(`${offset} of ${bytes.length} bytes have arrived.`)
      const answers = await Promise.all([1, 2, 3].map(() => patch(target, id, offset, bytes.subarray(offset))))
      const statuses = answers.map(answer => answer.status)
      expect(statuses).toContain(204)
      // The slower ones find another offset, or an image that is complete.
      expect(statuses.filter(status => ![204, 409, 410].includes(status))).toEqual([])
      expect(await getImage(target, id, '?wait=ready')).toMatchObject({ status: 'ready', sha256: sha256(bytes) })
    })

    it('take bytes along with their creation, and none of what is there already', async () => {
      const bytes = await freshJpeg()
      const whole = await call(target, '/images/resumable', {
        method: 'POST',
        headers: { ...TUS, ...BYTES_TYPE, 'upload-length': String(bytes.length), 'upload-metadata': metadata(PHOTO) },
        body: Buffer.from(bytes),
      })
      expect([whole.status, whole.headers.get('upload-offset')]).toEqual([201, String(bytes.length)])
      await getImage(target, idOf(whole), '?wait=ready')
      const again = await create(target, bytes.length, { ...PHOTO, sha256: sha256(bytes) })
      expect([again.status, idOf(again)]).toEqual([200, idOf(whole)])
      expect(KnownUpload.parse(await again.json()).image_id).toBe(idOf(whole))
      expect(again.headers.get('upload-offset')).toBe(String(bytes.length))
    })

    it('are refused by the names that every upload is refused by', async () => {
      const tooLarge = await problemOf(await create(target, 10 ** 14))
      expect(tooLarge).toMatchObject({ status: 413, code: 'file_too_large', details: { actual: 10 ** 14 } })
      expect(tooLarge.details?.limit).toBeGreaterThan(0)
      expect(await refusal(create(target, 0))).toBe('422 file_too_small')
      expect(await refusal(create(target, 9, { ...PHOTO, filetype: 'image/svg+xml' }))).toBe(
        '400 unsupported_media_type',
      )
      expect(await refusal(create(target, 9, { filetype: 'image/jpeg' }))).toBe('400 invalid_file_name')
      expect(await refusal(create(target, 9, { ...PHOTO, project_id: '01K00000000000000000000000' }))).toBe(
        '404 not_found',
      )
      const bytes = await freshJpeg()
      const other = await create(target, bytes.length, { ...PHOTO, sha256: sha256(new Uint8Array(1)) })
      expect(await refusal(patch(target, idOf(other), 0, bytes))).toBe('422 checksum_mismatch')
      expect(await getImage(target, idOf(other))).toMatchObject({
        ...{ status: 'failed', failure: { code: 'checksum_mismatch' } },
      })
      const { id } = await uploadReady(target, await freshJpeg())
      expect(await refusal(call(target, `/images/resumable/${id}`, { method: 'DELETE', headers: TUS }))).toBe(
        '412 upload_already_received',
      )
    })

    it('speak the protocol where it is not kept', async () => {
      const bytes = await freshJpeg()
      const id = await begin(bytes)
      const path = `/images/resumable/${id}`
      expect(await refusal(patch(target, id, 1, bytes))).toBe('409 upload_offset_conflict')
      expect(await refusal(patch(target, id, 0, bytes, { 'content-type': 'image/jpeg' }))).toBe(
        '415 unsupported_media_type',
      )
      expect(await refusal(patch(target, id, 0, bytes, { 'upload-offset': 'x' }))).toBe('400 invalid_request')
      const old = await patch(target, id, 0, bytes, { 'tus-resumable': '0.2.2' })
      expect([old.status, old.headers.get('tus-version')]).toEqual([412, '1.0.0'])
      const deferred = call(target, '/images/resumable', {
        ...{ method: 'POST', headers: { ...TUS, 'upload-defer-length': '1', 'upload-metadata': metadata(PHOTO) } },
      })
      expect(await refusal(deferred)).toBe('411 length_required')
      expect(await refusal(create(target, 9, PHOTO, { 'upload-concat': 'partial' }))).toBe('400 invalid_request')
      expect((await head(target, '01K00000000000000000000000')).status).toBe(404)
      const inspected = await head(target, id)
      expect([inspected.status, inspected.headers.get('upload-length')]).toEqual([200, String(bytes.length)])
      expect(inspected.headers.get('cache-control')).toBe('no-store')
      expect(inspected.headers.get('upload-metadata')).toContain(`filename ${base64(PHOTO.filename)}`)
      const asked = await call(target, '/images/resumable', { method: 'OPTIONS', signedIn: false })
      expect([asked.status, asked.headers.get('tus-extension')]).toEqual([
        ...[204, 'creation,creation-with-upload,expiration,termination'],
      ])
      const preflight = await call(target, path, {
        ...{ method: 'OPTIONS', signedIn: false },
        headers: {
          origin: new URL(target.url).origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'tus-resumable,upload-offset,content-type',
        },
      })
      expect(preflight.headers.get('access-control-allow-headers')).toContain('upload-offset')
      expect((await call(target, path, { method: 'DELETE', headers: TUS })).status).toBe(204)
      expect((await head(target, id)).status).toBe(410)
      expect((await getImage(target, id)).status).toBe('deleted')
    })
  })
}
