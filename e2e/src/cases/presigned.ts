import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Image, KnownUpload } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { askUploadUrl, blobOf, call, getImage, isElsewhere, problemOf, putBytes, uploadReady } from '../client.ts'
import { freshJpeg } from '../drawing/photo.ts'
import type { Target } from '../target.ts'

const run = promisify(execFile)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const complete = (target: Target, id: string, json: unknown = {}) =>
  call(target, `/images/${id}/complete`, { method: 'POST', json })

export function presignedCases(target: Target): void {
  describe('presigned upload', () => {
    it('goes: ask, put, complete, ready', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length, file_name: 'roof.jpg' })
      expect(granted.method).toBe('PUT')
      const own = `${target.url}/api/v1/uploads/direct/${granted.image_id}?`
      const [address, more] = isElsewhere(granted) ? [granted.image_id, ['if-none-match']] : [own, []]
      expect(granted.upload_url).toContain(address)
      expect(Object.keys(granted.headers)).toEqual(['content-type', ...more])
      expect(granted.storage_uri).toContain(`uploads/${granted.image_id}`)
      const seconds = (Date.parse(granted.expires_at) - Date.now()) / 1_000
      expect(Math.abs(seconds - granted.expires_in_seconds)).toBeLessThan(5)
      expect(await getImage(target, granted.image_id)).toMatchObject({ status: 'pending_upload', uploaded_at: null })

      expect((await putBytes(granted.upload_url, bytes, granted.headers)).status).toBe(200)
      const answer = await complete(target, granted.image_id)
      expect(answer.status).toBe(202)
      expect(Image.parse(await answer.json())).toMatchObject({ id: granted.image_id, size_bytes: bytes.length })
      expect((await complete(target, granted.image_id)).status).toBe(200)
      const ready = await getImage(target, granted.image_id, '?wait=ready')
      expect(ready).toMatchObject({ status: 'ready', sha256: sha256(bytes), file_name: 'roof.jpg' })
      expect(ready.variants).toHaveLength(6)
      expect(ready.history.map(entry => entry.status)).toEqual(['pending_upload', 'uploaded', 'processing', 'ready'])
    })

    it('goes with curl -T as people type it', async () => {
      const directory = await mkdtemp(path.join(tmpdir(), 'calotype-curl-'))
      try {
        const bytes = await freshJpeg()
        await writeFile(path.join(directory, 'photo.jpg'), bytes)
        const { upload_url, headers, image_id } = await askUploadUrl(target, { file_size: bytes.length })
        const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
        const args = ['-sS', '-w', '%{http_code}', '-o', 'answer', '-T', 'photo.jpg', ...lines]
        const { stdout } = await run('curl', [...args, upload_url], { cwd: directory })
        expect(stdout).toBe('200')
        await complete(target, image_id)
        expect((await getImage(target, image_id, '?wait=ready')).status).toBe('ready')
      } finally {
        await rm(directory, { recursive: true })
      }
    })

    it('becomes ready without complete: storage itself tells', async () => {
      const bytes = await freshJpeg()
      const { upload_url, headers, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      await putBytes(upload_url, bytes, headers)
      expect((await getImage(target, image_id, '?wait=ready')).status).toBe('ready')
      // The client's first own complete is still its first.
      expect((await complete(target, image_id)).status).toBe(202)
      expect((await complete(target, image_id)).status).toBe(200)
    })

    it('says that nothing is there when completed too early, and goes on afterwards', async () => {
      const bytes = await freshJpeg()
      const { upload_url, headers, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      const early = await complete(target, image_id)
      expect(early.status).toBe(409)
      expect(await problemOf(early)).toMatchObject({ code: 'upload_not_found' })
      expect((await putBytes(upload_url, bytes, headers)).status).toBe(200)
      expect((await complete(target, image_id)).status).toBe(202)
    })

    it('takes the SHA-256 with complete and refuses another one', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      await putBytes(granted.upload_url, bytes, granted.headers)
      const wrong = await complete(target, granted.image_id, { sha256: 'f'.repeat(64) })
      if (isElsewhere(granted) && wrong.status === 202) {
        // Storage that cannot tell the checksum leaves it to the worker.
        const refused = await getImage(target, granted.image_id, '?wait=ready')
        expect(refused).toMatchObject({ status: 'failed', failure: { code: 'checksum_mismatch' } })
        return
      }
      expect(wrong.status).toBe(422)
      expect(await problemOf(wrong)).toMatchObject({ code: 'checksum_mismatch' })
    })

    it('accepts the right SHA-256 with complete', async () => {
      const bytes = await freshJpeg()
      const { upload_url, headers, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      await putBytes(upload_url, bytes, headers)
      expect((await complete(target, image_id, { sha256: sha256(bytes) })).status).toBe(202)
    })

    it('needs no byte for a SHA-256 that the project has', async () => {
      const bytes = await freshJpeg()
      const known = await uploadReady(target, bytes)
      const json = { file_name: 'a.jpg', file_size: bytes.length, mime_type: 'image/jpeg', sha256: sha256(bytes) }
      const answer = await call(target, '/images/upload-url', { json })
      expect(answer.status).toBe(200)
      expect(KnownUpload.parse(await answer.json())).toEqual({
        image_id: known.id,
        duplicate: true,
        status_url: `${target.url}/api/v1/images/${known.id}`,
      })
    })

    it('keeps its own id when its bytes are found equal only afterwards', async () => {
      const bytes = await freshJpeg()
      const known = await uploadReady(target, bytes)
      const { upload_url, headers, image_id } = await askUploadUrl(target, { file_size: bytes.length })
      await putBytes(upload_url, bytes, headers)
      await complete(target, image_id)
      const ready = await getImage(target, image_id, '?wait=ready')
      expect(ready).toMatchObject({ id: image_id, status: 'ready', sha256: known.sha256 })
      expect(ready.storage_uri).toBe(known.storage_uri)
    })

    it('is a form POST when the size is not known', async () => {
      const bytes = await freshJpeg()
      const granted = await askUploadUrl(target, {})
      expect(granted.method).toBe('POST')
      const form = new FormData()
      for (const [name, value] of Object.entries(granted.fields ?? {})) form.append(name, value)
      form.append('file', blobOf(bytes, 'image/jpeg'), 'photo.jpg')
      const answer = await fetch(granted.upload_url, { method: 'POST', body: form })
      expect([200, 204]).toContain(answer.status)
      await complete(target, granted.image_id)
      expect((await getImage(target, granted.image_id, '?wait=ready')).status).toBe('ready')
    })

    it.each([
      ['a type that is not accepted', { mime_type: 'text/html' }, 400, 'unsupported_media_type'],
      ['no type', { mime_type: '' }, 400, 'unsupported_media_type'],
      ['a size of zero', { file_size: 0 }, 422, 'file_too_small'],
      ['a size over the limit', { file_size: 52_428_801 }, 413, 'file_too_large'],
      ['a negative size', { file_size: -1 }, 400, 'invalid_request'],
      ['half a byte', { file_size: 1.5 }, 400, 'invalid_request'],
      ['an empty name', { file_name: '' }, 400, 'invalid_file_name'],
      ['a name that is too long', { file_name: 'a'.repeat(256) }, 400, 'invalid_file_name'],
      ['a SHA-256 that is none', { sha256: 'ABC' }, 400, 'invalid_request'],
    ])('is not granted for %s', async (_what, change, status, code) => {
      const json = { file_name: 'photo.jpg', file_size: 1_000, mime_type: 'image/jpeg', ...change }
      const answer = await call(target, '/images/upload-url', { json })
      expect(answer.status).toBe(status)
      expect((await problemOf(answer)).code).toBe(code)
    })
  })
}
