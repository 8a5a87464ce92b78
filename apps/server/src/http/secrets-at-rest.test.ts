import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { NewApiKey, NewInvitation, SignedUrl, UploadUrl } from '@calotype/contract'
import { type Inspection, inspectDatabase } from '@calotype/postgres/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, PASSWORD } from '../testing/browser.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let inspection: Inspection
beforeAll(async () => {
  server = await startTestServer()
  inspection = await inspectDatabase(server.directory)
})
afterAll(async () => {
  await inspection.close()
  await server.close()
})

const NEW_PASSWORD = 'another long pass phrase 7'
const ASKED_FOR = 'ada@example.org'

/** Everything that gives access, used once on the way: what a thief of a backup or a reader of the log must not find. */
async function useEverySecret(): Promise<Record<string, string>> {
  const ada = openBrowser(server)
  await ada.signUp(ASKED_FOR, {})
  const cookies = [...ada.jar.values()].map(value => decodeURIComponent(value))
  await ada.auth('change-password', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD })
  await openBrowser(server).signIn('nobody@example.org')
  await ada.auth('request-password-reset', { email: ASKED_FOR, redirectTo: '/' })
  const post = (url: string, payload: object) => server.call({ method: 'POST', url: `/api/v1${url}`, payload })
  const key = NewApiKey.parse((await post('/api-keys', { name: 'k', role: 'viewer' })).json())
  await server.call({ url: '/api/v1/me', headers: { authorization: `Bearer ${key.key}` } })
  await server.call({ url: `/api/v1/me?key=${key.key}`, headers: { authorization: `Bearer ${key.key}x` } })
  const { organization_id } = (await server.call({ url: '/api/v1/me' })).json()
  const invited = await post(`/organizations/${organization_id}/invitations`, {
    email: 'eve@example.org',
    role: 'viewer',
  })
  const { accept_url } = NewInvitation.parse(invited.json())
  const token = (await server.issueConsoleLink()).split('#token=')[1] ?? ''
  const redeemed = await server.app.inject({ method: 'POST', url: '/api/v1/session', payload: { token } })
  const session = /calotype_session=([^;]+)/.exec(String(redeemed.headers['set-cookie']))?.[1] ?? ''
  const image = await server.ready(Buffer.from('a picture'))
  const { download_url } = SignedUrl.parse((await server.call({ url: `/api/v1/images/${image.id}/signed-url` })).json())
  const file = { file_name: 'a.jpg', mime_type: 'image/jpeg', file_size: 4 }
  const { upload_url } = UploadUrl.parse((await post('/images/upload-url', file)).json())
  const put = (url: string) =>
    server.app.inject({ method: 'PUT', url, payload: 'abcd', headers: { 'content-type': 'image/jpeg' } })
  await put(upload_url.replace(/.$/, 'x'))
  await put(upload_url)
  await server.app.inject({ url: download_url })
  return {
    ...{ owner: server.ownerKey, password: PASSWORD, newPassword: NEW_PASSWORD, key: key.key ?? '', link: token },
    ...{ invitation: new URL(accept_url ?? '').hash.split('=')[1] ?? '', session: decodeURIComponent(session) },
    ...Object.fromEntries(cookies.map((cookie, index) => [`cookie${index}`, cookie.split('.')[0] ?? ''])),
    ...{ download: signatureOf(download_url), upload: signatureOf(upload_url) },
    secret: (await readFile(path.join(server.directory, 'secret.key'), 'utf8')).trim(),
  }
}

const signatureOf = (url: string): string => new URL(url).searchParams.get('signature') ?? ''

it('are found in no table of the database and in no line of the log', async () => {
  const secrets = await useEverySecret()
  expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(11)
  for (const [name, secret] of Object.entries(secrets)) expect([name, secret.length > 15]).toEqual([name, true])
  const dump = await inspection.dump()
  expect(dump.size).toBeGreaterThan(20)
  const text = [...dump].map(([name, rows]) => `${name}\n${rows.join('\n')}`).join('\n')
  const log = server.logs.join('')
  // The search finds what is there.
  expect([text.includes(ASKED_FOR), log.includes('"msg":"request"')]).toEqual([true, true])
  const found = Object.entries(secrets).flatMap(([name, secret]) => [
    ...[secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]
      .filter(form => text.includes(form))
      .map(() => `${name} is in the database`),
    ...(log.includes(secret) ? [`${name} is in the log: ${server.logs.find(line => line.includes(secret))}`] : []),
  ])
  expect(found).toEqual([])
})
