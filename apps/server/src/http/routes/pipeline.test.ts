import { NewApiKey, PipelineMessageList } from '@calotype/contract'
import { MAX_RESULT_BYTES } from '@calotype/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let service: string
beforeAll(async () => {
  server = await startTestServer()
  const key = { name: 'pipeline', kind: 'service', scopes: ['analysis.write'] }
  service =
    NewApiKey.parse((await server.call({ method: 'POST', url: '/api/v1/api-keys', payload: key })).json()).key ?? ''
})
afterAll(() => server.close())

const asService = () => ({ authorization: `Bearer ${service}` })
const report = (id: string, payload: object, headers: Record<string, string> = asService()) =>
  server.call({ method: 'PATCH', url: `/api/v1/images/${id}/status`, payload, headers })
const messages = async (query = '') => {
  const answer = await server.call({ url: `/api/v1/pipeline/messages${query}`, headers: asService() })
  return PipelineMessageList.parse(answer.json()).items
}

it('lets a local pipeline read what waits and report what it found', async () => {
  const image = await server.ready(Buffer.from('one'), { detection_types: 'damage,rust', priority: 'high' })
  expect(image.analysis).toMatchObject({ status: 'queued', types: ['damage', 'rust'] })
  const [waiting] = await messages('?status=waiting')
  expect(waiting?.message).toEqual({
    ...{
      photo_id: image.id,
      s3_url: `disk://uploads/${image.id}`,
      detection_types: ['damage', 'rust'],
      priority: 'high',
    },
  })
  expect((await report(image.id, { analysis_status: 'processing' })).statusCode).toBe(200)
  expect(await messages('?status=waiting')).toEqual([])
  const result = { boxes: [[1, 2, 3.5]], note: 'Riß' }
  const done = await report(image.id, { analysis_status: 'completed', result })
  expect(done.json().analysis).toMatchObject({ status: 'completed', result })
  expect((await report(image.id, { analysis_status: 'completed', result })).statusCode).toBe(200)
  expectProblem(await report(image.id, { analysis_status: 'processing' }), 409, 'invalid_transition')
  const owner = await server.call({ url: `/api/v1/images/${image.id}` })
  expect(owner.json().analysis.result).toEqual(result)
  const details = owner.json().history.map((line: { detail: string | null }) => line.detail)
  expect(details).toEqual(expect.arrayContaining(['analysis queued', 'analysis processing', 'analysis completed']))
  const resend = { method: 'POST' as const, url: `/api/v1/pipeline/messages/${waiting?.id}/resend` }
  expectProblem(await server.call({ ...resend, headers: asService() }), 403, 'forbidden')
  const again = await server.call(resend)
  expect([again.statusCode, again.json().status]).toEqual([202, 'waiting'])
  expect((await server.call({ url: `/api/v1/images/${image.id}` })).json().analysis.status).toBe('queued')
})

it('takes reports from services alone, and no result that is too large', async () => {
  const image = await server.ready(Buffer.from('two'), { detection_types: 'damage' })
  const body = { analysis_status: 'failed' }
  expectProblem(await report(image.id, body, {}), 403, 'forbidden')
  const large = { analysis_status: 'completed', result: 'a'.repeat(MAX_RESULT_BYTES) }
  expectProblem(await report(image.id, large), 400, 'invalid_request')
  expectProblem(await report(image.id, { analysis_status: 'queued' }), 400, 'invalid_request')
  expectProblem(await report(image.id, { status: 'uploaded', ...body }), 400, 'invalid_request')
  expect((await server.call({ url: `/api/v1/images/${image.id}` })).json().analysis.status).toBe('queued')
})

it('says of an upload that it is complete, like `complete`', async () => {
  const begin = { file_name: 'roof.jpg', mime_type: 'image/jpeg', file_size: 5 }
  const begun = (await server.call({ method: 'POST', url: '/api/v1/images/upload-url', payload: begin })).json()
  expectProblem(await report(begun.image_id, { status: 'uploaded' }, {}), 409, 'upload_not_found')
  expectProblem(await report(begun.image_id, { status: 'uploaded' }), 403, 'forbidden')
  const put = { method: 'PUT' as const, url: begun.upload_url, headers: { ...begun.headers, authorization: '' } }
  expect((await server.app.inject({ ...put, payload: Buffer.from('bytes') })).statusCode).toBe(200)
  expect((await report(begun.image_id, { status: 'uploaded' }, {})).statusCode).toBe(200)
})
