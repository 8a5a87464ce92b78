import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import type { Deps } from '../deps.ts'

/** What the console's pages may load: only from here. Pictures may be ones that the browser made itself. */
const DIRECTIVES = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
}

const EXPOSED = ['x-request-id', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'Content-Range', 'Location']
const PREFLIGHT_SECONDS = 600

/** Safe headers everywhere; CORS for the configured origins and the server's own. */
export async function secure(app: FastifyInstance, deps: Pick<Deps, 'publicUrl' | 'corsOrigins'>): Promise<void> {
  const overTls = deps.publicUrl.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
    strictTransportSecurity: overTls,
    crossOriginEmbedderPolicy: false,
  })
  const allowed = new Set([new URL(deps.publicUrl).origin, ...deps.corsOrigins])
  await app.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && allowed.has(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  })
}
