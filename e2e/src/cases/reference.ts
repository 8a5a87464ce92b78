import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Target } from '../target.ts'

const Operation = z.looseObject({
  summary: z.string().min(1),
  security: z.array(z.unknown()).optional(),
  responses: z.record(z.string(), z.unknown()),
})
const Document = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
  security: z.array(z.unknown()),
})

const EXPECTED = [
  'post /api/v1/images/upload',
  'post /api/v1/images/upload-url',
  'post /api/v1/images/{id}/complete',
  'get /api/v1/images',
  'get /api/v1/images/{id}',
  'get /api/v1/images/{id}/file',
  'get /api/v1/images/{id}/signed-url',
  'post /api/v1/images/signed-urls',
  'get /api/v1/images/{id}/metadata',
  'delete /api/v1/images/{id}',
  'post /api/v1/images/delete',
  'get /api/v1/projects/{id}/events',
  'get /health',
]

/** Operations that need no credential, and say so. */
const OPEN =
  /^(get \/health|get \/metrics|get \/api\/health\/|put \/api\/v1\/uploads\/direct\/|(post \/api\/v1\/(session|invitations\/preview)|get \/api\/v1\/access)$)/

export function referenceCases(target: Target): void {
  describe('the reference', () => {
    const load = async () => {
      const answer = await fetch(`${target.url}/openapi.json`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      return Document.parse(await answer.json())
    }

    it('is an OpenAPI 3.1 document of every operation', async () => {
      const document = await load()
      expect(document.openapi).toMatch(/^3\.1\./)
      const found = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map(method => `${method} ${path}`),
      )
      expect(found).toEqual(expect.arrayContaining(EXPECTED))
      for (const name of ['Image', 'Problem', 'UploadUrl', 'SignedUrl'])
        expect(Object.keys(document.components.schemas)).toContain(name)
    })

    it('refers only to what it holds', async () => {
      const document = await load()
      const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
      const known = Object.keys(document.components.schemas)
      for (const [, name] of references) expect(known).toContain(name)
    })

    it('says of each operation whether it needs a credential, and what it refuses', async () => {
      const { paths } = await load()
      for (const [path, methods] of Object.entries(paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          const name = `${method} ${path}`
          const isOpen = operation.security?.length === 0
          expect([name, isOpen]).toEqual([name, OPEN.test(name)])
          if (!isOpen) expect(Object.keys(operation.responses), name).toContain('401')
        }
      }
    })

    it('is a page that takes everything from here', async () => {
      const answer = await fetch(`${target.url}/docs`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/default-src 'self'/)
      expect(policy).not.toMatch(/https?:|\*/)
      const html = await answer.text()
      const loaded = [...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]+)"/g)]
      for (const [, address = ''] of loaded) {
        const { origin, href } = new URL(address, answer.url)
        expect(origin).toBe(new URL(target.url).origin)
        expect((await fetch(href)).status, href).toBe(200)
      }
    })
  })
}
