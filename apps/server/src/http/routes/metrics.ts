import { createHash, timingSafeEqual } from 'node:crypto'
import { notFound, unauthorized } from '@calotype/core'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { isLoopback } from '../../loopback.ts'
import type { App } from '../app.ts'
import { createHostRule } from '../host-check.ts'
import { withProblems } from '../route-schema.ts'

type MetricsDeps = Pick<Deps, 'exposition' | 'publicUrl' | 'access'>

/** Proxies say so in one of these: then the machine on the other end is not the one that asks. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

/** `GET /metrics`: figures of this process for Prometheus. With METRICS_TOKEN for whoever has it, without for this machine alone. */
export function metrics(app: App, deps: MetricsDeps): void {
  const { exposition } = deps
  const isOurs = createHostRule({ publicUrl: deps.publicUrl, trustedHosts: deps.access.trustedHosts })
  const schema = {
    summary: 'Figures of this process for Prometheus',
    description:
      'OpenMetrics text (docs/metrics.md). With `METRICS_TOKEN` set, it has to come as a bearer; without it, only the machine itself is answered.',
    tags: ['operation'],
    security: [],
    response: withProblems({}),
  }
  app.get('/metrics', { config: { open: true }, schema }, async (request, reply) => {
    if (!exposition) throw notFound()
    const allowed = exposition.token === null ? isLocal(request, isOurs) : hasToken(request, exposition.token)
    if (!allowed) throw unauthorized()
    const { contentType, text } = await exposition.expose()
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text)
  })
}

/** A page whose own name leads here (DNS rebinding) is no more of this machine than what a proxy sends on. */
const isLocal = (request: FastifyRequest, isOurs: ReturnType<typeof createHostRule>): boolean =>
  isLoopback((request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')) &&
  FORWARDED.every(name => request.headers[name] === undefined) &&
  isOurs(request.headers.host, request.socket.localAddress)

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const hasToken = ({ headers }: FastifyRequest, token: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
