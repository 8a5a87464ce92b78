import { Image, ImageList } from '@calotype/contract'
import { newId } from '@calotype/core'
import { sampleBytes, seedProject } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let made = 6_000
const ready = () => server.ready(sampleBytes(made++))
const patch = (id: string, payload: object) => server.call({ method: 'PATCH', url: `/api/v1/images/${id}`, payload })
const list = async (query: string) => {
  const answer = await server.call({ url: `/api/v1/images?${query}` })
  return ImageList.parse(answer.json()).items.map(image => image.id)
}
const sibling = async (name: string, settings = {}) => {
  const me = (await server.call({ url: '/api/v1/me' })).json()
  return seedProject(server.deps.database, { organizationId: me.organization_id, name, settings })
}

describe('PATCH /images/{id}', () => {
  it('changes labels, which lists filter by', async () => {
    const { id } = await ready()
    const labels = { alt: 'A roof', reference: 'moc-42', attributes: { floor: 3, side: 'west', flat: true } }
    const changed = await patch(id, labels)
    expect([changed.statusCode, Image.parse(changed.json())]).toMatchObject([200, { ...labels, id }])
    expect(await list('reference=moc-42')).toEqual([id])
    for (const query of [
      'attributes[floor]=3',
      'attributes[side]=west&attributes[flat]=true',
      'attributes%5Bfloor%5D=3',
    ])
      expect([query, await list(query)]).toEqual([query, [id]])
    for (const query of ['attributes[floor]=4', 'attributes[side]=west&attributes[floor]=03', 'attributes[none]=x'])
      expect([query, await list(query)]).toEqual([query, []])
    const six = Array.from({ length: 6 }, (_, index) => `attributes[a${index}]=1`).join('&')
    await expectProblem(server.call({ url: `/api/v1/images?${six}` }), 400, 'invalid_request')
    expect((await patch(id, { alt: null, attributes: null })).json()).toMatchObject({
      alt: null,
      attributes: {},
      reference: 'moc-42',
    })
  })

  it('refuses what cannot be stored or is none of it', async () => {
    const { id } = await ready()
    for (const bad of [
      { alt: 'x'.repeat(1_001) },
      { reference: 'x'.repeat(256) },
      { attributes: { a: 'x'.repeat(1_024) } },
      { attributes: { a: '\u0000' } },
      { attributes: [1] },
      { alt: '\ud800' },
      { alt: 3 },
      { project_id: 'x' },
    ])
      await expectProblem(patch(id, bad), 400, 'invalid_request')
    await expectProblem(patch(newId(), { alt: 'x' }), 404, 'not_found')
    const removed = await server.call({ method: 'DELETE', url: `/api/v1/images/${id}` })
    expect(removed.statusCode).toBe(202)
    await expectProblem(patch(id, { alt: 'x' }), 409, 'invalid_transition')
  })

  it('takes the same labels at every upload', async () => {
    const labels = { alt: 'A roof', reference: 'r-7', attributes: { a: [1, { b: 'ü' }] } }
    const parts = Object.entries(labels).map(([name, value]) => ({
      ...{ name, value: typeof value === 'string' ? value : JSON.stringify(value) },
    }))
    expect(Image.parse((await server.upload(sampleBytes(made++), { parts })).json())).toMatchObject(labels)
    const wanted = { file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg', ...labels }
    const { image_id } = (
      await server.call({ method: 'POST', url: '/api/v1/images/upload-url', payload: wanted })
    ).json()
    expect((await server.call({ url: `/api/v1/images/${image_id}` })).json()).toMatchObject(labels)
    for (const value of ['{', '[1]', '"x"', '{"a":"\\u0000"}'])
      await expectProblem(
        server.upload(sampleBytes(made++), { parts: [{ name: 'attributes', value }] }),
        400,
        'invalid_request',
      )
  })

  it('moves an image with everything it has to another project', async () => {
    const image = await ready()
    const other = await sibling('other')
    const moved = Image.parse((await patch(image.id, { project_id: other.id, alt: 'Moved' })).json())
    expect(moved).toMatchObject({ id: image.id, project_id: other.id, status: 'ready', alt: 'Moved' })
    expect(await list(`project_id=${other.id}`)).toEqual([image.id])
    expect(await list(`project_id=${image.project_id}`)).not.toContain(image.id)
    const file = await server.call({ url: `/api/v1/images/${image.id}/file` })
    expect(file.statusCode).toBe(200)
    const signed = (await server.call({ url: `/api/v1/images/${image.id}/signed-url?format=jpeg` })).json()
    expect(signed.download_url).toContain(`/cdn/private/${other.id}/${image.id}/`)
    const { pathname, search } = new URL(signed.download_url)
    expect((await server.app.inject({ url: pathname + search })).rawPayload).toEqual(file.rawPayload)
    const old = image.variants[0]?.object_key ?? ''
    await expect.poll(() => server.deps.blobs.head(old, { projectId: other.id, purpose: 'care' })).toBeNull()
  })

  it('refuses a move that the other project forbids, or to nowhere', async () => {
    const image = await ready()
    const strict = await sibling('strict', { maxBytes: 10 })
    const problem = await expectProblem(patch(image.id, { project_id: strict.id }), 422, 'file_too_large')
    expect(problem.details).toMatchObject({ limit: 10, actual: image.size_bytes })
    const foreign = await seedProject(server.deps.database)
    for (const project_id of [foreign.id, newId()])
      await expectProblem(patch(image.id, { project_id }), 404, 'not_found')
    expect((await server.call({ url: `/api/v1/images/${image.id}` })).json()).toMatchObject({
      project_id: image.project_id,
    })
  })
})
