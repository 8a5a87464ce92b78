import { readdir } from 'node:fs/promises'
import { Image, UploadUrl } from '@calotype/contract'
import { newId } from '@calotype/core'
import { sampleBytes, sha256Of } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { formOf, PUBLIC_URL, photoPart, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let made = 3_000
const fresh = (): Buffer => sampleBytes(made++)
const post = (url: string, payload: object = {}) => server.call({ method: 'POST', url: `/api/v1${url}`, payload })
const asked = (bytes: Buffer, more: object = {}) => ({
  file_name: 'roof.jpg',
  file_size: bytes.length,
  mime_type: 'image/jpeg',
  ...more,
})

async function begin(bytes: Buffer, more: object = {}) {
  const answer = await post('/images/upload-url', asked(bytes, more))
  expect(answer.statusCode).toBe(201)
  return UploadUrl.parse(answer.json())
}

/** Without any credential: the signature is it. */
const put = (url: string, payload: Buffer, headers: Record<string, string> = { 'content-type': 'image/jpeg' }) =>
  server.app.inject({ method: 'PUT', url: url.slice(PUBLIC_URL.length), payload, headers })

const stored = async () => {
  const names = await Promise.all(
    ['objects/uploads', 'tmp'].map(folder => readdir(`${server.directory}/blobs/${folder}`).catch(() => [])),
  )
  return names.flat()
}

describe('a signed upload', () => {
  it('goes from URL to ready without the bytes passing the API', async () => {
    const bytes = fresh()
    const begun = await begin(bytes, { sha256: sha256Of(bytes) })
    expect(begun).toMatchObject({
      method: 'PUT',
      expires_in_seconds: 900,
      storage_uri: `disk://uploads/${begun.image_id}`,
    })
    expect(Object.keys(begun.headers).map(name => name.toLowerCase())).not.toContain('content-length')
    expect(begun.upload_url.startsWith(`${PUBLIC_URL}/api/v1/uploads/direct/${begun.image_id}?`)).toBe(true)
    const complete = (payload: object = {}) => post(`/images/${begun.image_id}/complete`, payload)
    await expectProblem(complete(), 409, 'upload_not_found')
    const sent = await put(begun.upload_url, bytes, begun.headers)
    expect([sent.statusCode, sent.json()]).toEqual([200, { size_bytes: bytes.length, sha256: sha256Of(bytes) }])
    await expectProblem(put(begun.upload_url, bytes), 412, 'upload_already_received')
    const first = await complete({ sha256: sha256Of(bytes) })
    expect([first.statusCode, Image.parse(first.json()).status]).toEqual([202, 'uploaded'])
    const status = await server.call({ url: `${begun.status_url.slice(PUBLIC_URL.length)}?wait=ready` })
    expect(status.json()).toMatchObject({ status: 'ready', size_bytes: bytes.length })
    expect((await complete()).statusCode).toBe(200)
    await expectProblem(complete({ sha256: 'ab'.repeat(32) }), 422, 'checksum_mismatch')
    const known = await post('/images/upload-url', asked(bytes, { sha256: sha256Of(bytes) }))
    expect([known.statusCode, known.json()]).toMatchObject([200, { image_id: begun.image_id, duplicate: true }])
  })

  it('is taken up by itself when the client never completes it', async () => {
    const bytes = fresh()
    const begun = await begin(bytes)
    await put(begun.upload_url, bytes)
    const waited = await server.call({ url: `/api/v1/images/${begun.image_id}?wait=ready` })
    expect(waited.json()).toMatchObject({ status: 'ready' })
  })

  it('is refused by name for anything else than was signed, and leaves nothing', async () => {
    const bytes = fresh()
    const before = await stored()
    const { upload_url: url, image_id: id } = await begin(bytes, { sha256: sha256Of(bytes) })
    const other = await begin(fresh())
    await expectProblem(put(url, bytes, { 'content-type': 'image/png' }), 403, 'invalid_signature')
    await expectProblem(put(url, bytes, {}), 403, 'invalid_signature')
    await expectProblem(put(url, bytes.subarray(1)), 403, 'invalid_signature')
    await expectProblem(put(url, Buffer.concat([bytes, bytes])), 403, 'invalid_signature')
    await expectProblem(
      put(
        url.replace(/.$/, last => (last === '0' ? '1' : '0')),
        bytes,
      ),
      403,
      'invalid_signature',
    )
    await expectProblem(put(url.split('?')[0] ?? '', bytes), 403, 'invalid_signature')
    await expectProblem(put(url.replace(id, other.image_id), bytes), 403, 'invalid_signature')
    await expectProblem(put(`${url}&x=1`, bytes), 403, 'invalid_signature')
    await expectProblem(put(url, Buffer.from(bytes).reverse()), 422, 'checksum_mismatch')
    expect(await stored()).toEqual(before)
    await server.call({ method: 'DELETE', url: `/api/v1/images/${id}` })
    await expectProblem(put(url, bytes), 410, 'upload_expired')
    await expectProblem(post(`/images/${id}/complete`), 409, 'invalid_transition')
    expect(await stored()).toEqual(before)
  })

  it('has no URL for what would be refused', async () => {
    const bytes = fresh()
    const ask = (more: object) => post('/images/upload-url', asked(bytes, more))
    for (const mime_type of [
      'image/*',
      'image/jpeg;text/html',
      'IMAGE/JPEG',
      'image/svg+xml',
      '',
      'application/octet-stream',
    ])
      await expectProblem(ask({ mime_type }), 400, 'unsupported_media_type')
    await expectProblem(ask({ file_name: '' }), 400, 'invalid_file_name')
    await expectProblem(ask({ file_name: 'a\u0000' }), 400, 'invalid_file_name')
    await expectProblem(ask({ file_size: 0 }), 422, 'file_too_small')
    await expectProblem(ask({ file_size: 60_000_000 }), 413, 'file_too_large')
    for (const wrong of [
      { file_size: 1.5 },
      { file_size: -1 },
      { sha256: 'AB'.repeat(32) },
      { project_id: 'x' },
      { priority: 'now' },
      { detection_types: ['No'] },
    ])
      await expectProblem(ask(wrong), 400, 'invalid_request')
    await expectProblem(ask({ project_id: newId() }), 404, 'not_found')
  })

  it('without a known length is a form', async () => {
    const bytes = fresh()
    const { method, fields = {}, upload_url, image_id } = await begin(bytes, { file_size: undefined })
    expect(method).toBe('POST')
    const url = upload_url.slice(PUBLIC_URL.length)
    const parts = Object.entries(fields).map(([name, value]) => ({ name, value }))
    const send = (form: ReturnType<typeof formOf>) => server.app.inject({ method: 'POST', url, ...form })
    const altered = parts.map(part => (part.name === 'max-bytes' ? { ...part, value: '999999999' } : part))
    await expectProblem(send(formOf([...altered, photoPart(bytes)])), 403, 'invalid_signature')
    await expectProblem(send(formOf([photoPart(bytes), ...parts])), 403, 'invalid_signature')
    await expectProblem(send(formOf([...parts, photoPart(bytes, { type: 'image/png' })])), 403, 'invalid_signature')
    expect((await send(formOf([...parts, photoPart(bytes)]))).statusCode).toBe(204)
    await expectProblem(send(formOf([...parts, photoPart(bytes)])), 412, 'upload_already_received')
    expect((await post(`/images/${image_id}/complete`)).statusCode).toBe(202)
  })
})
