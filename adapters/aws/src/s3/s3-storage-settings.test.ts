import { afterEach, expect, it } from 'vitest'
import { type Answer, answer, type ScriptedServer, s3Error, startScriptedServer } from '../testing/scripted-server.ts'
import { createS3StorageSettings, type S3StorageSettings } from './s3-storage-settings.ts'

const running: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
})

/** A storage that answers by the call: `PUT cors`, `GET lifecycle`. */
async function openSettings(
  answers: Record<string, Answer>,
): Promise<{ settings: S3StorageSettings; server: ScriptedServer }> {
  const server = await startScriptedServer((response, heard) => {
    const call = `${heard.method} ${/[?&](cors|lifecycle|versioning)/.exec(heard.url)?.[1]}`
    const reply = answers[call] ?? answer(200)
    reply(response, heard)
  })
  const settings = createS3StorageSettings({
    ...{ region: 'us-east-1', endpoint: server.endpoint, bucket: 'photos' },
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    corsOrigins: ['https://app.example.org'],
    sleep: async () => {},
  })
  running.push(server, settings)
  return { settings, server }
}

const xml = (body: string) => answer(200, body, { 'content-type': 'application/xml' })
const NONE = {
  'GET cors': s3Error(404, 'NoSuchCORSConfiguration'),
  'GET lifecycle': s3Error(404, 'NoSuchLifecycleConfiguration'),
}

it('names what a storage has no call for, and writes the rest', async () => {
  const { settings, server } = await openSettings({
    ...NONE,
    'PUT cors': s3Error(501, 'NotImplemented'),
    'GET versioning': s3Error(501, 'NotImplemented'),
  })
  expect(await settings.apply()).toEqual(['CORS'])
  expect(server.heard.filter(({ method }) => method === 'PUT')).toHaveLength(2)
  const { unsupported, differences } = await settings.check()
  expect(unsupported).toEqual(['versioning'])
  expect(new Set(differences.map(({ part }) => part))).toEqual(new Set(['CORS', 'lifecycle']))
})

it('takes no refusal for that', async () => {
  const { settings } = await openSettings({ ...NONE, 'PUT cors': s3Error(403, 'AccessDenied') })
  await expect(settings.apply()).rejects.toMatchObject({ code: 'storage_unavailable' })
})

it('knows its rule again where the storage keeps no names of rules, and does not double it', async () => {
  const rule = `<CORSRule><AllowedOrigin>https://app.example.org</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
    <AllowedMethod>POST</AllowedMethod><AllowedHeader>content-type</AllowedHeader><AllowedHeader>if-none-match</AllowedHeader>
    <AllowedHeader>x-amz-checksum-sha256</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>`
  const { settings, server } = await openSettings({
    ...NONE,
    'GET cors': xml(`<CORSConfiguration>${rule}</CORSConfiguration>`),
  })
  const { differences } = await settings.check()
  expect(differences.filter(({ part }) => part === 'CORS')).toEqual([])
  await settings.apply()
  const put = server.heard.find(({ method, url }) => method === 'PUT' && url.includes('cors'))
  expect(String(put?.body).match(/<CORSRule>/g)).toHaveLength(1)
})
