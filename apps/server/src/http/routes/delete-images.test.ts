import { newId } from '@calotype/core'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let made = 5_000
const fresh = (): Buffer => sampleBytes(made++)
const post = (url: string, payload: object = {}) => server.call({ method: 'POST', url: `/api/v1${url}`, payload })

describe('deleting and retrying', () => {
  it('DELETE answers 202, then 204; many at once are named', async () => {
    const [one, two] = [await server.ready(fresh()), await server.ready(fresh())]
    const remove = () => server.call({ method: 'DELETE', url: `/api/v1/images/${one.id}` })
    expect([(await remove()).statusCode, (await remove()).statusCode]).toEqual([202, 204])
    const unknown = newId()
    const many = await post('/images/delete', { image_ids: [one.id, two.id, unknown] })
    expect([many.statusCode, many.json()]).toEqual([202, { accepted: [one.id, two.id], not_found: [unknown] }])
    await expectProblem(post('/images/delete', { image_ids: [] }), 400, 'invalid_request')
    await expectProblem(post('/images/delete', { image_ids: ['x'] }), 400, 'invalid_request')
    await expectProblem(server.call({ method: 'DELETE', url: `/api/v1/images/${unknown}` }), 404, 'not_found')
    await expectProblem(
      server.call({ method: 'POST', url: `/api/v1/images/${one.id}/retry` }),
      409,
      'invalid_transition',
    )
  })

  it('restores what was deleted, once, with its variants and the same URLs', async () => {
    const image = await server.ready(fresh())
    const url = `/api/v1/images/${image.id}`
    const signed = (await server.call({ url: `${url}/signed-url` })).json().download_url
    const fetchIt = () => server.app.inject({ url: signed.slice(PUBLIC_URL.length) })
    expect((await fetchIt()).statusCode).toBe(200)
    await server.call({ method: 'DELETE', url })
    const gone = (await server.call({ url })).json()
    expect(gone).toMatchObject({ status: 'deleted', variants: [], metadata: null, perceptual_hash: null })
    expect(Date.parse(gone.purge_at)).toBeGreaterThan(Date.now() + 6 * 86_400_000)
    await expect.poll(async () => (await fetchIt()).statusCode).toBe(404)
    const listed = (await server.call({ url: '/api/v1/images?status=deleted' })).json()
    expect(listed.items.map((each: { id: string }) => each.id)).toContain(image.id)
    const restored = await post(`/images/${image.id}/restore`)
    expect(restored.statusCode).toBe(200)
    expect(restored.json()).toMatchObject({ status: 'ready', variants: image.variants, purge_at: null })
    await expect.poll(async () => (await fetchIt()).statusCode).toBe(200)
    await expectProblem(post(`/images/${image.id}/restore`), 409, 'invalid_transition')
    await expectProblem(post(`/images/${newId()}/restore`), 404, 'not_found')
  })

  it('answers the deleted image, restored, for the same bytes', async () => {
    const bytes = fresh()
    const image = await server.ready(bytes)
    await server.call({ method: 'DELETE', url: `/api/v1/images/${image.id}` })
    const again = await server.upload(bytes)
    expect([again.statusCode, again.json()]).toMatchObject([200, { id: image.id, status: 'ready', duplicate: true }])
  })

  it('purges at once where nothing is retained, and removes and remakes what is public', async () => {
    const project = (await post('/projects', { name: 'shown', visibility: 'public', retention_days: 1 })).json()
    const parts = [{ name: 'project_id', value: String(project.id) }]
    const image = (await server.upload(fresh(), { query: '?wait=ready', parts })).json()
    const key = image.variants[0].object_key
    const fetchIt = (objectKey: string) => server.app.inject({ url: `/cdn/${objectKey}` })
    expect((await fetchIt(key)).statusCode).toBe(200)
    await server.call({ method: 'DELETE', url: `/api/v1/images/${image.id}` })
    const by = { projectId: project.id, purpose: 'care' as const }
    await expect.poll(() => server.deps.blobs.head(key, by)).toBeNull()
    await expect.poll(async () => (await fetchIt(key)).statusCode).toBe(404)
    expect((await post(`/images/${image.id}/restore`)).json()).toMatchObject({ status: 'uploaded' })
    const made = (await server.call({ url: `/api/v1/images/${image.id}?wait=ready` })).json()
    expect(made.status).toBe('ready')
    await expect.poll(async () => (await fetchIt(made.variants[0].object_key)).statusCode).toBe(200)
    await server.call({ method: 'PATCH', url: `/api/v1/projects/${project.id}`, payload: { retention_days: 0 } })
    await server.call({ method: 'DELETE', url: `/api/v1/images/${image.id}` })
    await expect.poll(async () => (await server.call({ url: `/api/v1/images/${image.id}` })).statusCode).toBe(404)
    await expect.poll(() => server.deps.blobs.head(`uploads/${image.id}`, by)).toBeNull()
    await expectProblem(post(`/images/${image.id}/restore`), 404, 'not_found')
  })

  it('explains an image, and finds what looks like it', async () => {
    const [image, twin] = [await server.ready(fresh()), await server.ready(fresh())]
    const told = await server.call({ url: `/api/v1/images/${image.id}/explain` })
    expect(told.statusCode).toBe(200)
    expect(told.json()).toMatchObject({
      summary: expect.stringMatching(/^It is ready/),
      ...{ waiting_for: null, next_retry_at: null },
    })
    expect(told.json().steps.map((step: { what: string }) => step.what)).toContain('Its variants were made.')
    const similar = (query: string) => server.call({ url: `/api/v1/images?similar_to=${image.id}${query}` })
    const found = (await similar('&distance=0')).json()
    expect(found.items.map((each: { id: string }) => each.id)).toContain(twin.id)
    expect(found.next_cursor).toBeNull()
    await expectProblem(similar('&distance=17'), 400, 'invalid_request')
    await expectProblem(server.call({ url: `/api/v1/images?similar_to=${newId()}` }), 404, 'not_found')
  })

  it('takes a thousand in one body', async () => {
    const image_ids = Array.from({ length: 1_000 }, newId)
    expect((await post('/images/delete', { image_ids })).statusCode).toBe(202)
    await expectProblem(post('/images/delete', { image_ids: [...image_ids, newId()] }), 400, 'invalid_request')
    await expectProblem(post('/images/delete', { image_ids: [], padding: 'x'.repeat(300_000) }), 413, 'body_too_large')
  })
})
