import { createTestClock } from '@calotype/core/testing'
import { expect, it } from 'vitest'
import { createS3UploadSigner, outliveUpload } from './s3-upload-signer.ts'

const clock = createTestClock(new Date())
const connection = {
  region: 'eu-west-1',
  bucket: 'photos',
  credentials: { accessKeyId: 'AK', secretAccessKey: 'S' },
  clock,
}
const id = '01HZX0000000000000000000BB'
const terms = {
  projectId: 'p',
  imageId: id,
  objectKey: `uploads/${id}`,
  contentType: 'image/jpeg',
  sizeBytes: 4_167,
  maxBytes: 50_000,
  sha256: 'ab'.repeat(32),
  expiresAt: new Date(clock.now().getTime() + 900_000),
}
const policyOf = (fields: Record<string, string> | null): unknown =>
  JSON.parse(Buffer.from(fields?.Policy ?? '', 'base64').toString())

it('binds a PUT to key, type, length, hash and one use, all of them headers', async () => {
  const signed = await createS3UploadSigner(connection).sign(terms)
  const url = new URL(signed.url)
  expect(url.origin + url.pathname).toBe(`https://photos.s3.eu-west-1.amazonaws.com/uploads/${id}`)
  expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe(
    'content-length;content-type;host;if-none-match;x-amz-checksum-sha256',
  )
  expect(url.searchParams.get('X-Amz-Expires')).toBe('900')
  expect(signed).toMatchObject({
    method: 'PUT',
    fields: null,
    headers: {
      'content-type': 'image/jpeg',
      'if-none-match': '*',
      'x-amz-checksum-sha256': Buffer.from(terms.sha256, 'hex').toString('base64'),
    },
  })
  expect(Object.keys(signed.headers)).not.toContain('content-length')
})

it('adds no checksum of nothing, and none where none was given', async () => {
  const signed = await createS3UploadSigner(connection).sign({ ...terms, sha256: null })
  expect(signed.url).not.toMatch(/checksum|crc32/i)
  expect(signed.headers).toEqual({ 'content-type': 'image/jpeg', 'if-none-match': '*' })
})

it('signs a form with a range of lengths where the length is unknown', async () => {
  const signed = await createS3UploadSigner(connection).sign({ ...terms, sizeBytes: null })
  expect(signed).toMatchObject({ method: 'POST', headers: {} })
  expect(signed.fields).toMatchObject({ key: terms.objectKey, 'Content-Type': 'image/jpeg' })
  expect(policyOf(signed.fields)).toMatchObject({
    conditions: expect.arrayContaining([
      ['content-length-range', 1, 50_000],
      { key: terms.objectKey },
      { bucket: 'photos' },
      { 'Content-Type': 'image/jpeg' },
      { 'x-amz-checksum-sha256': Buffer.from(terms.sha256, 'hex').toString('base64') },
    ]),
  })
  expect(JSON.stringify(policyOf(signed.fields))).not.toContain('starts-with')
})

it('signs no pattern in place of a key', async () => {
  const signer = createS3UploadSigner(connection)
  for (const objectKey of [`uploads/${'$'}{filename}`, 'uploads/../x', ''])
    for (const sizeBytes of [null, 10])
      await expect(signer.sign({ ...terms, objectKey, sizeBytes })).rejects.toMatchObject({ kind: 'invalid' })
})

it('uses the path for a bucket whose name has dots, and for other storages', async () => {
  const dotted = await createS3UploadSigner({ ...connection, bucket: 'my.photos' }).sign(terms)
  expect(new URL(dotted.url).pathname).toBe(`/my.photos/uploads/${id}`)
  const other = await createS3UploadSigner({ ...connection, endpoint: 'http://127.0.0.1:9000' }).sign(terms)
  expect(other.url).toMatch(`http://127.0.0.1:9000/photos/uploads/${id}?`)
})

it.each([0, 3_601, 8 * 86_400])('signs nothing for %i seconds', async seconds => {
  const expiresAt = new Date(clock.now().getTime() + seconds * 1000)
  await expect(createS3UploadSigner(connection).sign({ ...terms, expiresAt })).rejects.toMatchObject({
    kind: 'invalid',
  })
})

it('says so when its credentials end before the URL', async () => {
  const warned: string[] = []
  const log = { info: () => {}, warn: (_: unknown, message: string) => void warned.push(message) }
  const credentials = { ...connection.credentials, sessionToken: 't' }
  const expiration = new Date(clock.now().getTime() + 60_000)
  await createS3UploadSigner({ ...connection, log, credentials: { ...credentials, expiration } }).sign(terms)
  expect(warned).toEqual(['An upload URL ends early, with the credentials that signed it'])
  await createS3UploadSigner({ ...connection, log, credentials }).sign(terms)
  expect(warned).toHaveLength(1)
})

it.each([
  { renewed: 3_600_000, warnings: 0 },
  { renewed: 120_000, warnings: 1 },
])('has credentials renewed that end before the URL: by %o', async ({ renewed, warnings }) => {
  const warned: string[] = []
  const log = { info: () => {}, warn: (_: unknown, message: string) => void warned.push(message) }
  const credentials = async (how?: { forceRefresh: boolean }) => ({
    expiration: new Date(clock.now().getTime() + (how?.forceRefresh ? renewed : 60_000)),
  })
  await outliveUpload({ config: { credentials } }, terms, log)
  expect(warned).toHaveLength(warnings)
})

it('binds no hash to a form where none was given', async () => {
  const form = await createS3UploadSigner(connection).sign({ ...terms, sha256: null, sizeBytes: null })
  expect(Object.keys(form.fields ?? {})).not.toContain('x-amz-checksum-sha256')
})
