import { newId } from '@calotype/core'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

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

  it('takes a thousand in one body', async () => {
    const image_ids = Array.from({ length: 1_000 }, newId)
    expect((await post('/images/delete', { image_ids })).statusCode).toBe(202)
    await expectProblem(post('/images/delete', { image_ids: [...image_ids, newId()] }), 400, 'invalid_request')
    await expectProblem(post('/images/delete', { image_ids: [], padding: 'x'.repeat(300_000) }), 413, 'body_too_large')
  })
})
