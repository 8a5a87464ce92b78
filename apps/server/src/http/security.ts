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

/** Safe headers for everything but deliveries, which have their own. */
export async function secure(app: FastifyInstance, deps: Pick<Deps, 'publicUrl'>): Promise<void> {
  const overTls = deps.publicUrl.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
    strictTransportSecurity: overTls,
    crossOriginEmbedderPolicy: false,
  })
}

/** CORS for the configured origins and the server's own; once for the whole program, because its preflight route stands for all. */
export async function allowOrigins(app: FastifyInstance, deps: Pick<Deps, 'publicUrl' | 'corsOrigins'>): Promise<void> {
  const allowed = new Set([new URL(deps.publicUrl).origin, ...deps.corsOrigins])
  await app.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && allowed.has(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  })
}
