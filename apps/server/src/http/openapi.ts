import swagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Deps } from '../deps.ts'
import { serveErrorPage } from './error-page.ts'
import { tidyOpenApi } from './tidy-openapi.ts'

/** The reference page carries its script and style inline and draws its icons as data; nothing comes from a network. */
const REFERENCE_CSP =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'"

const INTRODUCTION = `Calotype takes images in, proves that they are images, makes small variants and delivers them signed.

Authenticate with \`Authorization: Bearer <API key>\`. Errors are \`application/problem+json\` with a stable \`code\`.`

/** Collects every route into the OpenAPI 3.1 document. Has to be registered before the routes. */
export async function describeApi(app: FastifyInstance, deps: Pick<Deps, 'publicUrl'>): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Calotype',
        version: '1',
        description: INTRODUCTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: deps.publicUrl }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }],
    },
    transform: createJsonSchemaTransform({}),
    transformObject: createJsonSchemaTransformObject({}),
  })
}

/** `GET /openapi.json` and the reference page at `/docs`, which works without a network. */
export async function serveReference(app: FastifyInstance): Promise<void> {
  // Made once: the routes do not change while the program runs.
  let described: unknown = null
  const describe = () => {
    described ??= tidyOpenApi(app.swagger())
    return described
  }
  serveErrorPage(app)
  app.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(describe()),
  )
  await app.register(async docs => {
    docs.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', REFERENCE_CSP)
    })
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}
