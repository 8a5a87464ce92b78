import type { IncomingMessage, ServerResponse } from 'node:http'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'
import type { Deps } from '../deps.ts'

/** What the console's pages may load: only from here, and pictures from the CDN or made by the browser itself. */
const directivesFor = (cdnOrigin: string | null) => ({
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:', ...(cdnOrigin === null ? [] : [cdnOrigin])],
  styleSrc: ["'self'", "'unsafe-inline'"],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
})

/** What means something for an answer that is no page. */
const DATA_HEADERS = [
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
]

const EXPOSED = [
  ...['x-request-id', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'Content-Range', 'Location'],
  ...['Tus-Resumable', 'Tus-Version', 'Tus-Extension', 'Tus-Max-Size'],
  ...['Upload-Offset', 'Upload-Length', 'Upload-Metadata', 'Upload-Expires'],
]
const PREFLIGHT_SECONDS = 600

/** Safe headers for everything but deliveries, which have their own. They are the same for every answer, so they are written once. */
export function secure(app: FastifyInstance, deps: Pick<Deps, 'publicUrl' | 'cdnOrigin'>): void {
  const forPages = writeHeaders(deps.publicUrl.startsWith('https:'), deps.cdnOrigin)
  const forData = Object.fromEntries(DATA_HEADERS.flatMap(name => (forPages[name] ? [[name, forPages[name]]] : [])))
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/api/') ? forData : forPages)
    done()
  })
}

function writeHeaders(overTls: boolean, cdnOrigin: string | null): Record<string, string> {
  const written: Record<string, string> = {}
  const answer = {
    setHeader: (name: string, value: string) => {
      written[name.toLowerCase()] = value
    },
    removeHeader: (name: string) => {
      delete written[name.toLowerCase()]
    },
  }
  const write = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: directivesFor(cdnOrigin) },
    strictTransportSecurity: overTls,
    crossOriginEmbedderPolicy: false,
  })
  write(asRequest({}), asAnswer(answer), error => {
    if (error) throw error
  })
  return written
}

/** helmet only sets headers, and asks nothing of a request. */
const asRequest = (nothing: object) => nothing as IncomingMessage
const asAnswer = (answer: Pick<ServerResponse, 'removeHeader'> & { setHeader(name: string, value: string): void }) =>
  answer as ServerResponse

/** CORS for the configured origins and the server's own; once for the whole program, because its preflight route stands for all. */
export async function allowOrigins(app: FastifyInstance, deps: Pick<Deps, 'publicUrl' | 'corsOrigins'>): Promise<void> {
  await app.register(cors, {
    origin: [new URL(deps.publicUrl).origin, ...deps.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
  })
}
