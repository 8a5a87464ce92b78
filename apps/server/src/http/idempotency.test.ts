import { Image } from '@calotype/contract'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../testing/expect-problem.ts'
import {
  type FormPart,
  formOf,
  PUBLIC_URL,
  photoPart,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let made = 0
const newKey = () => `key-${++made}`
const post = (url: string, key: string, payload: object) =>
  server.call({ method: 'POST', url: `/api/v1${url}`, payload, headers: { 'idempotency-key': key } })
const wanted = (more: object = {}) => ({ file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg', ...more })

describe('Idempotency-Key', () => {
  it('gives the same upload URL again, and refuses the key for another one', async () => {
    const key = newKey()
    const first = await post('/images/upload-url', key, wanted())
    const again = await post('/images/upload-url', key, wanted())
    expect([first.statusCode, again.statusCode]).toEqual([201, 201])
    expect({ ...again.json(), expires_in_seconds: 900 }).toEqual(first.json())
    await expectProblem(post('/images/upload-url', key, wanted({ file_size: 6 })), 409, 'idempotency_key_reused')
    const put = { method: 'PUT' as const, url: first.json().upload_url.slice(PUBLIC_URL.length), payload: 'bytes' }
    expect((await server.app.inject({ ...put, headers: first.json().headers })).statusCode).toBe(200)
    expect((await post('/images/upload-url', key, wanted())).json()).toMatchObject({ image_id: first.json().image_id })
  })

  it('gives the same images of a batch again, refused items included', async () => {
    const key = newKey()
    const payload = { items: [wanted(), wanted({ file_name: '' }), wanted({ file_size: undefined })] }
    const [first, again] = [
      await post('/images/upload-urls', key, payload),
      await post('/images/upload-urls', key, payload),
    ]
    const ids = (answer: typeof first) =>
      answer.json().items.map((item: { image_id?: string }) => item.image_id ?? 'none')
    expect(ids(first)[1]).toBe('none')
    expect(ids(again)).toEqual(ids(first))
    expect(again.json().items[1]).toEqual(first.json().items[1])
  })

  it('gives the same multipart upload again, whatever became of it, judged by its fields and bytes', async () => {
    const key = newKey()
    const send = (bytes: Buffer, parts: FormPart[] = []) => {
      const form = formOf([...parts, photoPart(bytes)])
      const headers = { ...form.headers, 'idempotency-key': key }
      return server.call({ method: 'POST', url: '/api/v1/images/upload', payload: form.payload, headers })
    }
    const bytes = sampleBytes(3_210)
    const first = await send(bytes)
    expect(first.statusCode).toBe(202)
    const again = await send(bytes)
    expect(again.statusCode).toBe(202)
    expect(Image.parse(again.json()).id).toBe(first.json().id)
    await expectProblem(send(sampleBytes(3_211)), 409, 'idempotency_key_reused')
    await expectProblem(send(bytes, [{ name: 'alt', value: 'A roof' }]), 409, 'idempotency_key_reused')
  })

  it('of several at once one creates, and the others get the same or are asked to wait', async () => {
    const key = newKey()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/images/upload-url', key, wanted())))
    const created = answers.filter(answer => answer.statusCode === 201).map(answer => answer.json().image_id)
    expect(new Set(created).size).toBe(1)
    for (const answer of answers) if (answer.statusCode !== 201) await expectProblem(answer, 409, 'conflict')
    expect((await post('/images/upload-url', key, wanted())).json().image_id).toBe(created[0])
  })

  it('keeps nothing of a request that was refused', async () => {
    const key = newKey()
    await expectProblem(
      post('/images/upload-url', key, wanted({ mime_type: 'image/bmp' })),
      400,
      'unsupported_media_type',
    )
    expect((await post('/images/upload-url', key, wanted())).statusCode).toBe(201)
  })

  it('has 1 to 255 visible ASCII characters', async () => {
    for (const key of [' ', 'a b', 'x'.repeat(256)])
      await expectProblem(post('/images/upload-url', key, wanted()), 400, 'invalid_request')
    expect((await post('/images/upload-url', 'x'.repeat(255), wanted())).statusCode).toBe(201)
  })
})

/** Making things that are not uploads: by route, what is sent and what is never answered twice. */
const CREATIONS = [
  { url: '/projects', payload: { name: 'by key' }, secret: null },
  { url: '/api-keys', payload: { name: 'by key', role: 'viewer' }, secret: 'key' },
  { url: 'invitations', payload: { email: 'a@example.org', role: 'viewer' }, secret: 'accept_url' },
]

describe.each(CREATIONS)('Idempotency-Key of $url', ({ url, payload, secret }) => {
  it('makes one thing, and never tells its secret again', async () => {
    const me = (await server.call({ url: '/api/v1/me' })).json()
    const path = url.startsWith('/') ? url : `/organizations/${me.organization_id}/${url}`
    const key = newKey()
    const [first, again] = [await post(path, key, payload), await post(path, key, payload)]
    expect([first.statusCode, again.statusCode]).toEqual([201, 201])
    const { [secret ?? 'no secret']: told, ...rest } = first.json()
    expect(again.json()).toEqual(rest)
    expect(told === undefined).toBe(secret === null)
    await expectProblem(
      post(path, key, { ...payload, name: 'another', email: 'b@example.org' }),
      409,
      'idempotency_key_reused',
    )
  })
})

it('is offered by every call that creates', async () => {
  const { paths } = (await server.app.inject({ url: '/openapi.json' })).json()
  const offers = (path: string) =>
    (paths[`/api/v1${path}`]?.post?.parameters ?? []).some((each: { name: string }) => each.name === 'idempotency-key')
  const creating = [
    '/images/upload',
    '/images/upload-url',
    '/images/upload-urls',
    '/api-keys',
    '/projects',
    '/organizations',
  ]
  for (const path of [...creating, '/organizations/{id}/invitations'])
    expect([path, offers(path)]).toEqual([path, true])
  expect(offers('/images/delete')).toBe(false)
})
