import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { NewApiKey, NewInvitation, SignedUrl } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { askUploadUrl, call, putBytes, sendForm, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { PRIVATE, privateJpeg } from '../drawing/private-photo.ts'
import { isLocal, isOpen, type Target } from '../target.ts'

const Line = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() })

const PASSWORD = 'a pass phrase of e2e 4711'

/** Shapes of whatever gives access: no test has to remember what it used. */
const SECRET_SHAPES: readonly RegExp[] = [
  /cal_[a-z]+_[\w-]{20,}/,
  /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  /signature=[0-9a-f]{16,}/i,
  /bearer (?!\(hidden\)|token|realm|…)[\w.-]{8,}/i,
]

/** Uses an account, a key and an invitation as people do; resolves with every secret that this took. */
async function useAccess(target: Target): Promise<string[]> {
  const { dataDirectory, url } = target.local()
  const email = `log-${Date.now()}@example.org`
  const auth = (path: string, json: object) =>
    fetch(`${url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify(json),
    })
  const signedUp = await auth('sign-up/email', { name: 'Log', email, password: PASSWORD })
  expect(signedUp.status).toBe(200)
  const cookies = signedUp.headers.getSetCookie().map(cookie => decodeURIComponent(cookie.split(/[=;]/)[1] ?? ''))
  expect((await auth('sign-in/email', { email, password: `${PASSWORD}x` })).status).toBe(401)
  expect((await auth('request-password-reset', { email, redirectTo: '/' })).status).toBe(200)

  const key = NewApiKey.parse(await (await call(target, '/api-keys', { json: { name: 'log', role: 'viewer' } })).json())
  await call(target, '/me', { headers: { authorization: `Bearer ${key.key}` } })
  await call(target, `/api-keys/${key.id}`, { method: 'DELETE' })
  await call(target, '/me', { headers: { authorization: `Bearer ${key.key}` } })
  const { organization_id } = z.object({ organization_id: z.string() }).parse(await (await call(target, '/me')).json())
  const invited = await call(target, `/organizations/${organization_id}/invitations`, {
    json: { email: `invited-${email}`, role: 'viewer' },
  })
  const { accept_url = '' } = NewInvitation.parse(await invited.json())
  const outbox = path.join(dataDirectory, 'outbox')
  const mails = await eventually(
    async () => (await readdir(outbox).catch(() => [])).filter(name => name.endsWith('.eml')),
    names => names.length >= 2,
  )
  const texts = await Promise.all(mails.map(name => readFile(path.join(outbox, name), 'utf8')))
  const tokens = texts.flatMap(text => [
    ...text.replaceAll('=\r\n', '').matchAll(/(?:token|reset|invitation)=(?:3D)?([\w-]{16,})/g),
  ])
  expect(tokens.length).toBeGreaterThanOrEqual(2)
  return [
    PASSWORD,
    key.key ?? '?',
    new URL(accept_url).hash.slice(-40),
    ...cookies,
    ...tokens.map(([, token]) => token ?? '?'),
  ]
}

export function logCases(target: Target): void {
  describe.runIf(isOpen)('the log', () => {
    it.runIf(isLocal)('holds no key, token, signature, place or name of a photographer', async () => {
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

      const access = await useAccess(target)
      const marker = `end-of-test-${Date.now()}`
      await call(target, '/me', { headers: { 'x-request-id': marker } })
      const log = await eventually(output, text => text.includes(marker))
      const signatures = [download_url, upload_url].map(url => new URL(url).searchParams.get('signature') ?? '?')
      expect(signatures.every(signature => /^[0-9a-f]{64}$/.test(signature))).toBe(true)
      const secrets = [target.key, token, secret, session, decodeURIComponent(session), ...signatures, ...access]
      for (const [at, hidden] of secrets.entries())
        expect(log.includes(hidden), `secret ${at} is in the log`).toBe(false)
      // As a word: ids have these letters by chance.
      expect(/\bgps\b/i.exec(log)?.[0]).toBeUndefined()
      for (const word of [PRIVATE.artist, PRIVATE.caption, '51.5089', '0.1282', 'latitude'])
        expect(log.toLowerCase().includes(word.toLowerCase()), word).toBe(false)
    })

    it('is one JSON object per line, and a request id leads from the request to its job', async () => {
      const requestId = `trace-${Date.now()}`
      const form = new FormData()
      form.append('file', new Blob([new Uint8Array(await freshJpeg())], { type: 'image/jpeg' }), 'photo.jpg')
      const headers = { 'x-request-id': requestId }
      await call(target, '/images/upload?wait=ready', { body: form, headers })
      const text = await eventually(
        () => target.log(),
        seen =>
          seen.split('\n').filter(line => line.includes(requestId) && /"msg":"(job|request)"/.test(line)).length >= 2,
      )
      const lines = text.split('\n').filter(line => line.startsWith('{'))
      const parsed = lines.map(line => Line.parse(JSON.parse(line)))
      const mine = parsed.filter(line => line.request_id === requestId)
      expect(
        mine
          .map(line => line.msg)
          .filter(msg => ['job', 'request'].includes(msg))
          .sort(),
      ).toEqual(['job', 'request'])
      const request = mine.find(line => line.msg === 'request')
      expect(request).toMatchObject({ method: 'POST', path: '/api/v1/images/upload', status: 201 })
      expect(request?.duration_ms).toBeGreaterThan(0)
    })

    it('tells of no defect that these tests have found on their way, and of nothing that gives access', async () => {
      await sendForm(target, { bytes: await freshJpeg() })
      const log = await target.log()
      for (const shape of SECRET_SHAPES) expect(shape.exec(log)?.[0], String(shape)).toBeUndefined()
      const defects = log.split('\n').filter(line => /"level":"(error|fatal)"/.test(line))
      expect(defects).toEqual([])
    })
  })
}
