import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Image, MAX_VARIANT_SIDE, MAX_VARIANTS, Project, ProjectList, SignedUrl, UploadUrl } from '@calotype/contract'
import { newId } from '@calotype/core'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { formOf, PUBLIC_URL, photoPart, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { MAX_UPLOAD_BYTES: '50000' } })
})
afterAll(() => server.close())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const call = (method: Method, url: string, payload?: object) =>
  server.call({ method, url: `/api/v1${url}`, ...(payload ? { payload } : {}) })

let count = 0
async function newProject(settings: object = {}) {
  const answer = await call('POST', '/projects', { name: `project ${++count}`, ...settings })
  expect(answer.statusCode, answer.body).toBe(201)
  return Project.parse(answer.json())
}

/** A multipart upload that names its project. */
const upload = (projectId: string, bytes: Buffer, type = 'image/jpeg', query = '') => {
  const form = formOf([{ name: 'project_id', value: projectId }, photoPart(bytes, { type })])
  return server.call({ method: 'POST', url: `/api/v1/images/upload${query}`, ...form })
}
const askFor = (projectId: string, more: object = {}) =>
  call('POST', '/images/upload-url', {
    ...{ project_id: projectId, file_name: 'a.jpg', mime_type: 'image/jpeg', file_size: 500 },
    ...more,
  })
const FULL = { name: 'full', width: 1200, height: 1200, fit: 'inside', formats: ['webp', 'jpeg'], max_bytes: null }

describe('/projects', () => {
  it('makes, lists, reads and changes', async () => {
    const made = await newProject({ retention_days: 0, allowed_types: ['image/png'], variants: [FULL] })
    expect(made).toMatchObject({ max_bytes: 50_000, min_bytes: 1, visibility: 'private', variants: [FULL] })
    expect((await call('GET', `/projects/${made.id}`)).json()).toEqual(made)
    const changed = await call('PATCH', `/projects/${made.id}`, { min_bytes: 10, detection_types: ['rust'] })
    expect(changed.json()).toEqual({ ...made, min_bytes: 10, detection_types: ['rust'] })
    const page = ProjectList.parse((await call('GET', '/projects?limit=1')).json())
    expect(page.items).toEqual([changed.json()])
    const rest = ProjectList.parse((await call('GET', `/projects?cursor=${page.next_cursor}`)).json())
    expect(rest.items.map(project => project.name)).toContain('default')
    await expectProblem(call('POST', '/projects', { name: made.name }), 409, 'conflict')
    await expectProblem(call('GET', `/projects/${newId()}`), 404, 'not_found')
    await expectProblem(call('PATCH', `/projects/${newId()}`, {}), 404, 'not_found')
    await expectProblem(call('DELETE', `/projects/${newId()}`), 404, 'not_found')
  })

  it('refuses settings that cannot be, by their name', async () => {
    const refused: Array<[field: string, settings: object]> = [
      ['allowed_types', { allowed_types: ['image/svg+xml'] }],
      ['max_bytes', { max_bytes: 50_001 }],
      ['max_side', { max_side: 12_001 }],
      ['max_pixels', { max_pixels: 100_000_001 }],
      ['retention_days', { retention_days: 366 }],
      ['min_bytes', { min_bytes: 50_001 }],
      ['variants', { variants: [{ ...FULL, name: 'other' }] }],
      ['variants', { variants: [{ ...FULL, formats: ['webp'] }] }],
    ]
    const { id } = await newProject()
    for (const [reason, settings] of refused) {
      for (const answer of [
        call('POST', '/projects', { name: 'x', ...settings }),
        call('PATCH', `/projects/${id}`, settings),
      ])
        expect((await expectProblem(answer, 400, 'invalid_request')).details).toMatchObject({ reason })
    }
    const shapes = [
      { variants: Array.from({ length: MAX_VARIANTS + 1 }, (_, index) => ({ ...FULL, name: `v${index}` })) },
      { variants: [{ ...FULL, width: MAX_VARIANT_SIDE + 1 }] },
      { variants: [{ ...FULL, max_bytes: 1_023 }] },
      { retention_days: -1 },
      { min_bytes: 0 },
      { visibility: 'secret' },
      { name: '' },
    ]
    for (const shape of shapes) await expectProblem(call('PATCH', `/projects/${id}`, shape), 400, 'invalid_request')
  })
})

describe('a project’s settings', () => {
  it('hold when a URL is asked for, when bytes are stored, and when they are decoded', async () => {
    const { id } = await newProject({ allowed_types: ['image/png', 'image/jpeg'], min_bytes: 400, max_bytes: 600 })
    await expectProblem(askFor(id, { mime_type: 'image/webp' }), 400, 'unsupported_media_type')
    await expectProblem(askFor(id, { file_size: 399 }), 422, 'file_too_small')
    await expectProblem(askFor(id, { file_size: 601 }), 413, 'file_too_large')
    await expectProblem(upload(id, sampleBytes(450), 'image/webp'), 415, 'unsupported_media_type')
    await expectProblem(upload(id, sampleBytes(399)), 422, 'file_too_small')
    await expectProblem(upload(id, sampleBytes(601)), 413, 'file_too_large')
    const asked = UploadUrl.parse((await askFor(id)).json())
    await call('PATCH', `/projects/${id}`, { max_bytes: 499 })
    const sent = await server.app.inject({
      ...{ method: 'PUT', url: asked.upload_url.slice(PUBLIC_URL.length), payload: sampleBytes(500) },
      headers: { 'content-type': 'image/jpeg' },
    })
    expect(sent.statusCode).toBeLessThan(500)
    await expectProblem(
      call('POST', `/images/${asked.image_id}/complete`, {}),
      sent.statusCode < 300 ? 413 : 422,
      'file_too_large',
    )
    expect(Image.parse((await call('GET', `/images/${asked.image_id}`)).json())).toMatchObject({
      ...{ status: 'failed', failure: { code: 'file_too_large' } },
    })
    const seen: object[] = []
    const { render } = server.engine
    server.engine.render = request => {
      seen.push(request.limits)
      return render(request)
    }
    await call('PATCH', `/projects/${id}`, { max_side: 9_000, max_pixels: 81_000_000, variants: [FULL] })
    const answer = await upload(id, sampleBytes(450), 'image/jpeg', '?wait=ready')
    server.engine.render = render
    expect(seen).toMatchObject([{ maxSide: 9_000, maxPixels: 81_000_000, allowedTypes: ['image/png', 'image/jpeg'] }])
    expect(Image.parse(answer.json()).variants.map(variant => variant.format)).toEqual(['webp', 'jpeg'])
  })

  it('make public keys in a public project, which move when it becomes private', async () => {
    const { id } = await newProject({ visibility: 'public' })
    const image = Image.parse((await upload(id, sampleBytes(777), 'image/jpeg', '?wait=ready')).json())
    for (const variant of image.variants) expect(variant.object_key).toMatch(new RegExp(`^public/${id}/`))
    const openly = async () => (await server.app.inject({ url: `/cdn/${image.variants[0]?.object_key}` })).statusCode
    expect(await openly()).toBe(200)
    expect((await call('PATCH', `/projects/${id}`, { visibility: 'private' })).statusCode).toBe(200)
    await expect.poll(openly, { timeout: 30_000 }).not.toBe(200)
    const moved = Image.parse((await call('GET', `/images/${image.id}`)).json())
    for (const variant of moved.variants) expect(variant.object_key).toMatch(new RegExp(`^private/${id}/`))
    const { download_url } = SignedUrl.parse((await call('GET', `/images/${image.id}/signed-url`)).json())
    expect(
      (await server.app.inject({ url: new URL(download_url).pathname + new URL(download_url).search })).statusCode,
    ).toBe(200)
  })
})

describe('DELETE /projects/{id}', () => {
  it('takes everything of it along, at every door at once and from storage soon', async () => {
    const { id } = await newProject()
    const bytes = sampleBytes(888)
    const image = Image.parse((await upload(id, bytes, 'image/jpeg', '?wait=ready')).json())
    const { download_url } = SignedUrl.parse((await call('GET', `/images/${image.id}/signed-url`)).json())
    const cdn = () => server.app.inject({ url: download_url.slice(PUBLIC_URL.length) })
    expect((await cdn()).statusCode).toBe(200)
    const asked = UploadUrl.parse((await askFor(id)).json())
    expect((await call('DELETE', `/projects/${id}`)).statusCode).toBe(202)
    const doors: Array<[Method, string, object?]> = [
      ...(['', '/file', '/signed-url', '/metadata'] as const).map((part): [Method, string] => [
        'GET',
        `/images/${image.id}${part}`,
      ]),
      ['GET', `/projects/${id}`],
      ['GET', `/projects/${id}/events`],
      ['GET', `/images?project_id=${id}`],
      ['DELETE', `/images/${image.id}`],
      ['POST', `/images/${image.id}/retry`],
      ['POST', `/images/${asked.image_id}/complete`, {}],
      ['DELETE', `/projects/${id}`],
      ['PATCH', `/projects/${id}`, { name: 'again' }],
    ]
    for (const [method, url, payload] of doors) await expectProblem(call(method, url, payload), 404, 'not_found')
    await expectProblem(askFor(id), 404, 'not_found')
    await expectProblem(upload(id, sampleBytes(889)), 404, 'not_found')
    const put = await server.app.inject({
      ...{ method: 'PUT', url: asked.upload_url.slice(PUBLIC_URL.length), payload: sampleBytes(500) },
      headers: { 'content-type': 'image/jpeg' },
    })
    expect(put.statusCode).toBe(404)
    const signed = await call('POST', '/images/signed-urls', { image_ids: [image.id] })
    expect(signed.json()).toEqual({ items: [], not_found: [image.id] })
    await expect.poll(async () => (await cdn()).statusCode).toBe(404)
    await expect.poll(() => server.deps.database.projects.findDeleted(id), { timeout: 10_000 }).toBeNull()
    const names = await readdir(path.join(server.directory, 'blobs'), { recursive: true })
    for (const part of [id, image.id, asked.image_id]) expect(names.filter(name => name.includes(part))).toEqual([])
    expect(await server.deps.database.projects.findRevoked(new Date())).not.toContain(id)
    expect(await server.deps.database.projects.findRevoked(new Date(Date.now() - 60_000))).toContain(id)
  })

  it('leaves the last one', async () => {
    const all = ProjectList.parse((await call('GET', '/projects?limit=200')).json()).items
    for (const project of all.slice(1)) expect((await call('DELETE', `/projects/${project.id}`)).statusCode).toBe(202)
    await expectProblem(call('DELETE', `/projects/${all[0]?.id}`), 409, 'last_project')
  })
})
