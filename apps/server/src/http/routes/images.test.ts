import { readdir } from 'node:fs/promises'
import { Image, ImageList, SignedUrl, SignedUrls } from '@calotype/contract'
import { corruptImage, newId } from '@calotype/core'
import { sampleBytes, sha256Of } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { formOf, PUBLIC_URL, photoPart, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { MAX_UPLOAD_BYTES: '50000' } })
})
afterAll(() => server.close())

let made = 1_000
/** Bytes that no other test has. */
const fresh = (): Buffer => sampleBytes(made++)
const get = (url: string, headers: Record<string, string> = {}) =>
  server.call({ method: 'GET', url: `/api/v1${url}`, headers })
const post = (url: string, payload: object | undefined = undefined) =>
  server.call({ method: 'POST', url: `/api/v1${url}`, ...(payload ? { payload } : {}) })

describe('POST /images/upload', () => {
  it('takes a file at once, and tells the same bytes apart', async () => {
    const bytes = fresh()
    const first = await server.upload(bytes, {
      parts: [
        { name: 'sha256', value: sha256Of(bytes).toUpperCase() },
        { name: 'unknown', value: 'x' },
      ],
    })
    expect(first.statusCode).toBe(202)
    const image = Image.parse(first.json())
    expect(image).toMatchObject({
      status: 'uploaded',
      size_bytes: bytes.length,
      sha256: sha256Of(bytes),
    })
    expect(image).not.toHaveProperty('duplicate')
    const again = await server.upload(bytes, { query: '?wait=ready' })
    expect([again.statusCode, Image.parse(again.json())]).toMatchObject([
      200,
      { id: image.id, duplicate: true, status: 'ready' },
    ])
  })

  it('waits for it on request', async () => {
    const answer = await server.upload(fresh(), {
      query: '?wait=ready',
      parts: [
        { name: 'detection_types', value: 'damage, rust' },
        { name: 'detection_types', value: 'moss' },
      ],
    })
    expect(answer.statusCode).toBe(201)
    const image = Image.parse(answer.json())
    expect(image).toMatchObject({ status: 'ready', analysis: { status: 'queued', types: ['damage', 'rust', 'moss'] } })
    expect(image.variants).toHaveLength(6)
    // The detection message was queued with it, which the history tells, too.
    expect(image.history.map(line => line.status)).toEqual(['uploaded', 'processing', 'ready', 'ready'])
  })

  it('answers the reason of a failure with the image', async () => {
    const { render } = server.engine
    server.engine.render = () => Promise.reject(corruptImage('it is none'))
    const refused = await expectProblem(server.upload(fresh(), { query: '?wait=ready' }), 422, 'corrupt_image')
    server.engine.render = render
    expect(Image.parse((await get(`/images/${refused.image_id}`)).json())).toMatchObject({
      status: 'failed',
      failure: { code: 'corrupt_image' },
    })
    await expectProblem(post(`/images/${refused.image_id}/retry`), 409, 'invalid_transition')
  })

  it('refuses by name, and keeps nothing', async () => {
    const files = () => readdir(`${server.directory}/blobs/objects/uploads`)
    const before = await files()
    const bytes = fresh()
    await expectProblem(server.upload(bytes, { file: { type: 'image/svg+xml' } }), 415, 'unsupported_media_type')
    await expectProblem(server.upload(sampleBytes(50_001)), 413, 'file_too_large')
    await expectProblem(server.upload(Buffer.alloc(0)), 422, 'file_too_small')
    await expectProblem(
      server.upload(bytes, { parts: [{ name: 'sha256', value: 'ab'.repeat(32) }] }),
      422,
      'checksum_mismatch',
    )
    await expectProblem(server.upload(bytes, { parts: [{ name: 'sha256', value: 'short' }] }), 400, 'invalid_request')
    await expectProblem(
      server.upload(bytes, { parts: [{ name: 'priority', value: 'urgent' }] }),
      400,
      'invalid_request',
    )
    await expectProblem(server.upload(bytes, { parts: [{ name: 'project_id', value: newId() }] }), 404, 'not_found')
    await expectProblem(server.upload(bytes, { parts: [photoPart(bytes)] }), 400, 'invalid_request')
    await expectProblem(server.upload(bytes, { query: '?wait=long' }), 400, 'invalid_request')
    await expectProblem(
      server.call({ method: 'POST', url: '/api/v1/images/upload', ...formOf([{ name: 'a', value: 'b' }]) }),
      400,
      'invalid_request',
    )
    await expectProblem(post('/images/upload', { file: 'x' }), 400, 'invalid_request')
    // An earlier image may be purged meanwhile.
    for (const name of await files()) expect(before).toContain(name)
  })
})

describe('reading', () => {
  it('GET /images/{id} has an ETag that changes with the image', async () => {
    const { id } = await server.ready(fresh())
    const first = await get(`/images/${id}`)
    const { etag = '' } = first.headers
    expect(first.headers['cache-control']).toBe('private, no-cache')
    const same = await get(`/images/${id}`, { 'if-none-match': String(etag) })
    expect([same.statusCode, same.body]).toEqual([304, ''])
    await server.call({ method: 'DELETE', url: `/api/v1/images/${id}` })
    expect((await get(`/images/${id}`, { 'if-none-match': String(etag) })).statusCode).toBe(200)
    expect((await get(`/images/${id}?wait=ready`)).json()).toMatchObject({ status: 'deleted' })
    await expectProblem(get(`/images/${newId()}`), 404, 'not_found')
    for (const bad of ['x', id.toLowerCase(), `${id}0`])
      await expectProblem(get(`/images/${bad}`), 400, 'invalid_request')
  })

  it('GET /images/{id}/metadata needs an image that is read', async () => {
    const { id } = await server.ready(fresh())
    expect((await get(`/images/${id}/metadata`)).json()).toMatchObject({ orientation: 1, gps: null })
    await server.call({ method: 'DELETE', url: `/api/v1/images/${id}` })
    await expectProblem(get(`/images/${id}/metadata`), 404, 'image_not_ready')
  })

  it('GET /images pages through everything, and refuses what it cannot read', async () => {
    for (let index = 0; index < 3; index++) await server.upload(fresh())
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = ImageList.parse((await get(`/images?limit=2${cursor && `&cursor=${cursor}`}`)).json())
      seen.push(...page.items.map(image => image.id))
      cursor = page.next_cursor
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
    expect(seen.length).toBeGreaterThanOrEqual(3)
    await expectProblem(get('/images?cursor=nonsense'), 400, 'invalid_cursor')
    for (const bad of ['limit=0', 'limit=201', 'status=lost', 'from=yesterday', 'project_id=x'])
      expect((await expectProblem(get(`/images?${bad}`), 400, 'invalid_request')).errors?.[0]?.path).toContain(
        bad.split('=')[0],
      )
    await expectProblem(get(`/images?project_id=${newId()}`), 404, 'not_found')
  })

  it('GET /images/{id}/file negotiates, ranges and proves', async () => {
    const bytes = fresh()
    const { id } = await server.ready(bytes)
    const jpeg = await get(`/images/${id}/file`)
    expect(jpeg.headers).toMatchObject({
      'content-type': 'image/jpeg',
      vary: expect.stringContaining('Accept'),
      'x-content-type-options': 'nosniff',
    })
    expect((await get(`/images/${id}/file`, { accept: 'image/avif,*/*' })).headers['content-type']).toBe('image/avif')
    expect((await get(`/images/${id}/file?variant=thumb&format=webp`)).body).toContain('thumb webp')
    const part = await get(`/images/${id}/file`, { range: 'bytes=2-5' })
    expect([part.statusCode, part.body]).toEqual([206, jpeg.body.slice(2, 6)])
    const whole = await get(`/images/${id}/file`, { range: 'bytes=2-5', 'if-range': '"another"' })
    expect(whole.statusCode).toBe(200)
    expect((await get(`/images/${id}/file`, { 'if-none-match': String(jpeg.headers.etag) })).statusCode).toBe(304)
    await expectProblem(get(`/images/${id}/file`, { range: 'bytes=9999-' }), 416, 'range_not_satisfiable')
    await expectProblem(get(`/images/${id}/file?variant=poster`), 404, 'not_found')
    await expectProblem(get(`/images/${id}/file?variant=../x`), 400, 'invalid_request')
    const original = await get(`/images/${id}/file?variant=original`)
    expect(original.rawPayload).toEqual(bytes)
    expect(original.headers['content-disposition']).toMatch(/^attachment; filename="roof\.jpg"/)
    expect(original.headers['content-security-policy']).toContain('sandbox')
    const etag = String(original.headers.etag)
    const seen = await get(`/images/${id}/file?variant=original&use=view`, { 'if-none-match': etag })
    expect(seen.statusCode).toBe(304)
    expect((await get(`/images/${id}/file?variant=original&use=view`)).rawPayload).toEqual(bytes)
    const told: { action: string }[] = (await get(`/audit?subject=${id}`)).json().items
    expect(told.map(({ action }) => action)).toEqual(['original.viewed', 'original.downloaded'])
  })

  it('signed URLs are delivered until the image is deleted', async () => {
    const { id } = await server.ready(fresh())
    const signed = SignedUrl.parse((await get(`/images/${id}/signed-url?include=variants`)).json())
    expect(Object.keys(signed.variants ?? {}).sort()).toEqual(['full', 'thumb'])
    const cdn = signed.download_url.slice(PUBLIC_URL.length)
    const webp = await server.app.inject({ url: cdn, headers: { accept: 'image/webp' } })
    expect([webp.statusCode, webp.headers['content-type']]).toEqual([200, 'image/webp'])
    const unknown = newId()
    const batch = SignedUrls.parse((await post('/images/signed-urls', { image_ids: [id, unknown, id] })).json())
    expect(batch).toMatchObject({ items: [{ image_id: id, download_url: signed.download_url }], not_found: [unknown] })
    await expectProblem(post('/images/signed-urls', { image_ids: [] }), 400, 'invalid_request')
    await expectProblem(
      post('/images/signed-urls', { image_ids: Array.from({ length: 51 }, newId) }),
      400,
      'invalid_request',
    )
    await expectProblem(get(`/images/${id}/signed-url?variant=poster`), 404, 'not_found')
    await server.call({ method: 'DELETE', url: `/api/v1/images/${id}` })
    await expectProblem(get(`/images/${id}/signed-url`), 404, 'image_not_ready')
    await expect.poll(async () => (await server.app.inject({ url: cdn })).statusCode).toBe(404)
  })
})
