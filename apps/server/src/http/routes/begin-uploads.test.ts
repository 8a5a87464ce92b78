import { UploadUrls } from '@calotype/contract'
import { sampleBytes, seedProject, sha256Of } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { PUBLIC_URL, startTestServer, type TestServer } from '../../testing/test-server.ts'

const LIMIT = 20
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { UPLOAD_URLS_PER_MINUTE: '1000' } })
})
afterAll(() => server.close())

const wanted = (more: object = {}) => ({ file_name: 'a.jpg', file_size: 5, mime_type: 'image/jpeg', ...more })
const ask = (items: unknown[], at = server) =>
  at.call({ method: 'POST', url: '/api/v1/images/upload-urls', payload: { items } })

/** A server on which few URLs are left. */
async function startLimited() {
  const limited = await startTestServer({ env: { UPLOAD_URLS_PER_MINUTE: String(LIMIT) } })
  onTestFinished(() => limited.close())
  return limited
}

describe('POST /images/upload-urls', () => {
  it('answers each item with a URL that works, the image that is there, or the reason', async () => {
    const bytes = sampleBytes(4_321)
    const known = await server.ready(bytes)
    const answer = await ask([
      wanted(),
      wanted({ sha256: sha256Of(bytes) }),
      wanted({ mime_type: 'image/svg+xml' }),
      wanted({ file_size: undefined }),
    ])
    expect(answer.statusCode).toBe(200)
    const { items } = UploadUrls.parse(answer.json())
    expect(items).toMatchObject([
      { ok: true, method: 'PUT', expires_in_seconds: 900 },
      { ok: true, duplicate: true, image_id: known.id },
      { ok: false, code: 'unsupported_media_type' },
      { ok: true, method: 'POST', fields: expect.anything() },
    ])
    const [first] = items
    if (!first || !('upload_url' in first)) throw new Error('There is no URL')
    const put = await server.app.inject({
      ...{ method: 'PUT', url: first.upload_url.slice(PUBLIC_URL.length), payload: 'bytes', headers: first.headers },
    })
    expect(put.statusCode).toBe(200)
  })

  it('takes 1 to 100 items of the right shape', async () => {
    for (const count of [0, 101])
      await expectProblem(ask(Array.from({ length: count }, () => wanted())), 400, 'invalid_request')
    await expectProblem(ask(['x']), 400, 'invalid_request')
    const full = await ask(
      Array.from({ length: 100 }, () =>
        wanted({ file_name: '📷'.repeat(255), alt: '📷'.repeat(1_000), attributes: { a: 'x'.repeat(1_000) } }),
      ),
    )
    expect(full.statusCode).toBe(200)
    expect(UploadUrls.parse(full.json()).items.filter(item => item.ok)).toHaveLength(100)
  })

  it('is no oracle: what is known elsewhere answers as if unknown, in body and headers', async () => {
    const bytes = sampleBytes(5_432)
    await server.ready(bytes)
    const me = (await server.call({ url: '/api/v1/me' })).json()
    const other = await seedProject(server.deps.database, { organizationId: me.organization_id, name: 'other' })
    const shape = async (sha256: string) => {
      const payload = wanted({ project_id: other.id, sha256 })
      const { statusCode, headers, body } = await server.call({
        method: 'POST',
        url: '/api/v1/images/upload-url',
        payload,
      })
      const fixed = body.replace(/[0-7][0-9A-HJKMNP-TV-Z]{25}/g, 'id').replace(/[0-9a-f]{64}/g, 'hex')
      const untimed = fixed.replace(/\d{4}-[^"]*Z|expires=\d+|expires%3D\d+/g, 'time')
      return { statusCode, names: Object.keys(headers).sort(), length: body.length, body: untimed }
    }
    expect(await shape(sha256Of(bytes))).toEqual(await shape('ab'.repeat(32)))
  })
})

describe('the limit on upload URLs', () => {
  it('counts each item, grants those that fit, refuses the call when none does, and says so in headers', async () => {
    const limited = await startLimited()
    const one = await limited.call({ method: 'POST', url: '/api/v1/images/upload-url', payload: wanted() })
    expect(one.headers).toMatchObject({
      'ratelimit-policy': `"upload-urls";q=${LIMIT};w=60`,
      ratelimit: expect.stringMatching(new RegExp(`^"upload-urls";r=${LIMIT - 1};t=[0-9]+$`)),
    })
    const batch = await ask(
      Array.from({ length: 25 }, () => wanted()),
      limited,
    )
    const { items } = UploadUrls.parse(batch.json())
    expect(items.map(item => (item.ok ? 'ok' : item.code))).toEqual([
      ...Array.from({ length: LIMIT - 1 }, () => 'ok'),
      ...Array.from({ length: 26 - LIMIT }, () => 'rate_limited'),
    ])
    expect(batch.headers.ratelimit).toMatch(/;r=0;/)
    for (const url of ['/api/v1/images/upload-urls', '/api/v1/images/upload-url']) {
      const refused = await limited.call({ method: 'POST', url, payload: { nonsense: true } })
      await expectProblem(refused, 429, 'rate_limited')
      const seconds = Number(refused.headers['retry-after'])
      expect(seconds).toBeGreaterThan(0)
      expect(seconds).toBeLessThanOrEqual(65)
      expect(refused.headers.ratelimit).toBe(`"upload-urls";r=0;t=${seconds}`)
    }
    const images = (await limited.call({ url: '/api/v1/images' })).json()
    expect(images.items).toHaveLength(LIMIT)
    expect(images.items[0]).toBeDefined()
  })

  it('comes after authentication and before the body is looked at', async () => {
    const limited = await startLimited()
    const stranger = { method: 'POST' as const, url: '/api/v1/images/upload-url', payload: '{' }
    for (let time = 0; time < LIMIT + 5; time++) {
      const answer = await limited.app.inject({ ...stranger, headers: { authorization: 'Bearer nobody' } })
      expect(answer.statusCode).toBe(401)
      expect(answer.headers.ratelimit).toBeUndefined()
    }
    const bad = { ...stranger, headers: { 'content-type': 'application/json' } }
    for (let time = 0; time < LIMIT; time++) expect((await limited.call(bad)).statusCode).toBe(400)
    expect((await limited.call(bad)).statusCode).toBe(429)
    expect((await limited.call({ url: '/api/v1/images' })).statusCode).toBe(200)
  })
})
