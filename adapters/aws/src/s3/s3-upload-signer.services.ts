import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { newId, type SignedUpload, type UploadTerms } from '@calotype/core'
import { sampleBytes } from '@calotype/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { radosgwBucket } from '../testing/radosgw-bucket.ts'
import { createS3BlobStore, type S3BlobStore } from './s3-blob-store.ts'
import type { S3Connection } from './s3-client.ts'
import { createS3UploadSigner } from './s3-upload-signer.ts'

const BYTES = sampleBytes(5_000)
const by = { projectId: 'p', purpose: 'original' as const }

describe('what storage itself refuses (Ceph radosgw)', () => {
  let connection: S3Connection
  let blobs: S3BlobStore
  beforeAll(async () => {
    connection = await radosgwBucket()
    blobs = createS3BlobStore(connection)
  })
  const sign = async (more: Partial<UploadTerms> = {}) => {
    const imageId = newId()
    const terms: UploadTerms = {
      ...{ projectId: 'p', imageId, objectKey: `uploads/${imageId}`, contentType: 'image/jpeg' },
      ...{ sizeBytes: BYTES.length, maxBytes: 6_000, sha256: null, expiresAt: new Date(Date.now() + 60_000) },
      ...more,
    }
    return { key: terms.objectKey, signed: await createS3UploadSigner(connection).sign(terms) }
  }
  const expectNothing = async (key: string) => expect(await blobs.head(key, by)).toBeNull()

  it('takes exactly what was signed, once', async () => {
    const { key, signed } = await sign()
    expect(await put(signed, BYTES)).toBe(200)
    expect(await blobs.head(key, by)).toMatchObject({ sizeBytes: BYTES.length })
    expect(await put(signed, Buffer.from(BYTES).fill(1))).toBe(412)
    expect((await blobs.readWhole(key, 10_000, by)) as unknown).toMatchObject({ bytes: BYTES })
  })

  it.each<[string, (signed: SignedUpload) => Promise<number>]>([
    ['another type', signed => put(signed, BYTES, { 'content-type': 'image/png' })],
    ['no type', signed => put(signed, BYTES, { 'content-type': undefined })],
    ['fewer bytes', signed => put(signed, BYTES.subarray(1))],
    ['more bytes', signed => put(signed, Buffer.concat([BYTES, BYTES]))],
    ['leave to overwrite', signed => put(signed, BYTES, { 'if-none-match': undefined })],
    ['another key', signed => put({ ...signed, url: signed.url.replace(/uploads\/./, 'uploads/1') }, BYTES)],
    ['a longer life', signed => put({ ...signed, url: signed.url.replace('Expires=', 'Expires=9') }, BYTES)],
    ['another signature', signed => put({ ...signed, url: changeLast(signed.url) }, BYTES)],
    ['no signature', signed => put({ ...signed, url: signed.url.split('?')[0] ?? '' }, BYTES)],
  ])('refuses %s', async (_, send) => {
    const { key, signed } = await sign()
    expect(await send(signed)).toBe(403)
    await expectNothing(key)
  })

  it('refuses another hash header than the one signed', async () => {
    const { key, signed } = await sign({ sha256: createHash('sha256').update(BYTES).digest('hex') })
    expect(await put(signed, BYTES, { 'x-amz-checksum-sha256': `${'A'.repeat(43)}=` })).toBe(403)
    expect(await put(signed, BYTES, { 'x-amz-checksum-sha256': undefined })).toBe(403)
    await expectNothing(key)
    expect(await put(signed, BYTES)).toBe(200)
  })

  it('refuses an expired URL', async () => {
    const { key, signed } = await sign({ expiresAt: new Date(Date.now() + 1_500) })
    await delay(2_500)
    expect(await put(signed, BYTES)).toBe(403)
    await expectNothing(key)
  })

  it('takes a form up to its length, and refuses more, another type and another key', async () => {
    const { key, signed } = await sign({ sizeBytes: null })
    expect(await post(signed, sampleBytes(6_001))).toBe(400)
    expect(await post(signed, BYTES, { 'Content-Type': 'text/html' })).toBe(403)
    expect(await post(signed, BYTES, { key: 'uploads/other' })).toBe(403)
    await expectNothing(key)
    expect(await post(signed, BYTES)).toBe(204)
    expect(await blobs.head(key, by)).toMatchObject({ sizeBytes: BYTES.length })
  })
})

const changeLast = (url: string): string =>
  url.replace(/(X-Amz-Signature=[0-9a-f]+)([0-9a-f])/, (_, start, last) => start + (last === '0' ? '1' : '0'))

/** A PUT with exactly these headers: fetch would add some. */
function put(signed: SignedUpload, bytes: Buffer, headers: Record<string, string | undefined> = {}): Promise<number> {
  const all = Object.entries({ ...signed.headers, 'content-length': String(bytes.length), ...headers })
  const sent = Object.fromEntries(all.filter(([, value]) => value !== undefined))
  return new Promise((resolve, reject) => {
    const call = request(signed.url, { method: 'PUT', headers: sent }, answer => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    call.once('error', reject).end(bytes)
  })
}

async function post(signed: SignedUpload, bytes: Buffer, fields: Record<string, string> = {}): Promise<number> {
  const form = new FormData()
  for (const [name, text] of Object.entries({ ...signed.fields, ...fields })) form.append(name, text)
  form.append('file', new Blob([new Uint8Array(bytes)]), 'roof.jpg')
  return (await fetch(signed.url, { method: 'POST', body: form })).status
}
