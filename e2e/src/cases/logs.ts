import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { SignedUrl } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { askUploadUrl, call, putBytes, sendForm, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { PRIVATE, privateJpeg } from '../drawing/private-photo.ts'
import { isLocal, type Target } from '../target.ts'

const Line = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() })

export function logCases(target: Target): void {
  describe.skipIf(!isLocal)('the log', () => {
    it('holds no key, token, signature, place or name of a photographer', async () => {
      const { dataDirectory, output } = target.local()
      const link = (await readFile(path.join(dataDirectory, 'console-link'), 'utf8')).trim()
      const token = new URL(link).hash.replace(/^#token=/, '')
      const secret = (await readFile(path.join(dataDirectory, 'secret.key'), 'utf8')).trim()

      const image = await uploadReady(target, await privateJpeg())
      const { download_url } = SignedUrl.parse(await (await call(target, `/images/${image.id}/signed-url`)).json())
      await fetch(download_url)
      await fetch(download_url.replace(/.$/, 'x'))
      const bytes = await freshJpeg()
      const { upload_url } = await askUploadUrl(target, { file_size: bytes.length })
      await putBytes(upload_url, bytes, { 'content-type': 'image/png' })
      await putBytes(upload_url, bytes, { 'content-type': 'image/jpeg' })
      await call(target, `/me?key=${target.key}`, { headers: { authorization: `Bearer ${target.key}x` } })
      const redeemed = await fetch(`${target.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
      expect(redeemed.status).toBe(204)
      const session = /calotype_session=([^;]+)/.exec(redeemed.headers.get('set-cookie') ?? '')?.[1] ?? '?'
      const cookie = { cookie: `calotype_session=${session}` }
      expect((await fetch(`${target.url}/api/v1/me`, { headers: cookie })).status).toBe(200)

      const marker = `end-of-test-${Date.now()}`
      await call(target, '/me', { headers: { 'x-request-id': marker } })
      const log = await eventually(output, text => text.includes(marker))
      const signatures = [download_url, upload_url].map(url => new URL(url).searchParams.get('signature') ?? '?')
      expect(signatures.every(signature => /^[0-9a-f]{64}$/.test(signature))).toBe(true)
      const secrets = [target.key, token, secret, session, decodeURIComponent(session), ...signatures]
      for (const [at, hidden] of secrets.entries())
        expect(log.includes(hidden), `secret ${at} is in the log`).toBe(false)
      for (const word of [PRIVATE.artist, PRIVATE.caption, '51.5089', '0.1282', 'latitude', 'gps'])
        expect(log.toLowerCase().includes(word.toLowerCase()), word).toBe(false)
    })

    it('is one JSON object per line, and a request id leads from the request to its job', async () => {
      const requestId = `trace-${Date.now()}`
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(await freshJpeg())], { type: 'image/jpeg' }), 'photo.jpg')
      const headers = { 'x-request-id': requestId }
      await call(target, '/images/upload?wait=ready', { body: form, headers })
      const text = await eventually(
        target.local().output,
        seen => seen.split('\n').filter(line => line.includes(requestId)).length >= 2,
      )
      const lines = text.split('\n').filter(line => line.startsWith('{'))
      const parsed = lines.map(line => Line.parse(JSON.parse(line)))
      const mine = parsed.filter(line => line.request_id === requestId)
      expect(mine.map(line => line.msg).sort()).toEqual(['job', 'request'])
      const request = mine.find(line => line.msg === 'request')
      expect(request).toMatchObject({ method: 'POST', path: '/api/v1/images/upload', status: 201 })
      expect(request?.duration_ms).toBeGreaterThan(0)
    })

    it('tells of no defect that these tests have found on their way', async () => {
      await sendForm(target, { bytes: await freshJpeg() })
      const log = await target.local().output()
      const defects = log.split('\n').filter(line => /"level":"(error|fatal)"/.test(line))
      expect(defects).toEqual([])
    })
  })
}
