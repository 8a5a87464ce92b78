import {
  type CounterSeries,
  type HistogramSeries,
  type LabelsOf,
  type Meters,
  NO_SPAN,
  type Span,
  type Telemetry,
} from '@calotype/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Work, workContext, workOf } from '../work-context.ts'

type Labels = LabelsOf<'calotype_http_requests_total'>

const UNMATCHED = 'unmatched'
/** Asked for every few seconds by machines: no traces of these. */
const PROBED: ReadonlySet<string> = new Set(['/metrics', '/health', '/api/health/liveness', '/api/health/readiness'])

/** Where bytes come in: what they refuse is counted as refused uploads. */
export const UPLOAD_ROUTES: ReadonlySet<string> = new Set([
  'POST /api/v1/images/upload',
  'POST /api/v1/images/upload-url',
  'POST /api/v1/images/upload-urls',
  'PUT /api/v1/uploads/direct/:id',
  'POST /api/v1/uploads/direct/:id',
  'POST /api/v1/images/:id/complete',
  'POST /api/v1/images/import',
  'POST /api/v1/images/resumable',
  'PATCH /api/v1/images/resumable/:id',
  'POST /api/v1/entities/:type/:entity_id/:slot',
  'POST /api/v1/entities/:type/:entity_id/gallery',
])

const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
export const statusClass = (status: number): Labels['status'] => STATUS_CLASSES[Math.floor(status / 100) - 1] ?? '5xx'

/** Counts and times every request, makes it a span of the caller's trace or of a new one, and lets all of its log lines say so. */
export function watchRequests(app: FastifyInstance, { meters, tracer }: Telemetry): void {
  const seriesOf = createRouteSeries(meters)
  const underWay = new WeakMap<FastifyRequest, { span: Span; work: Work }>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers
    const route = request.routeOptions.url ?? UNMATCHED
    const parent = typeof traceparent === 'string' ? traceparent : null
    const span = PROBED.has(route) ? NO_SPAN : tracer.begin(`${request.method} ${route}`, { kind: 'server', parent })
    request.traceId = span.traceId
    const work = workOf(request.id, span.traceId)
    underWay.set(request, { span, work })
    workContext.run(work, () => span.run(done))
  })
  // A body arrives on events of the socket, which know of no request: what comes after it begins again.
  app.addHook('preValidation', (request, _reply, done) => {
    const { span, work } = underWay.get(request) ?? { span: NO_SPAN, work: workOf(request.id, null) }
    workContext.run(work, () => span.run(done))
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, errorCode } = request
    const route = request.routeOptions.url ?? UNMATCHED
    const series = seriesOf(method, route)
    series.count(reply.statusCode)
    series.durations.observe(reply.elapsedTime / 1000)
    if (errorCode !== null && UPLOAD_ROUTES.has(`${method} ${route}`))
      meters.counter('calotype_uploads_refused_total', { code: errorCode }).add()
    const { span, work } = underWay.get(request) ?? { span: NO_SPAN, work: null }
    if (work) work.over = true
    endSpan(span, request, reply.statusCode, route)
    done()
  })
}

function endSpan(span: Span, request: FastifyRequest, status: number, route: string): void {
  const { projectId, imageId, errorCode } = request
  if (span === NO_SPAN) return
  span.set({
    'http.request.method': request.method,
    'http.route': route,
    'http.response.status_code': status,
    'calotype.request_id': request.id,
    ...(projectId === null ? {} : { 'calotype.project_id': projectId }),
    ...(imageId === null ? {} : { 'calotype.image_id': imageId }),
    ...(errorCode === null ? {} : { 'calotype.code': errorCode }),
  })
  if (status >= 500) span.fail(errorCode ?? 'internal')
  span.end()
}

export interface RouteSeries {
  count(status: number): void
  durations: HistogramSeries
}

/** The series of a route, looked up once. */
export function createRouteSeries(meters: Meters): (method: string, route: string) => RouteSeries {
  const known = new Map<string, RouteSeries>()
  return (method, route) => {
    const key = `${method} ${route}`
    const found = known.get(key)
    if (found) return found
    const made = openRouteSeries(meters, asMethod(method), route)
    known.set(key, made)
    return made
  }
}

function openRouteSeries(meters: Meters, method: Labels['method'], route: string): RouteSeries {
  const counters = new Map<Labels['status'], CounterSeries>()
  return {
    durations: meters.histogram('calotype_http_request_duration_seconds', { method, route }),
    count(code) {
      const status = statusClass(code)
      const counter = counters.get(status) ?? meters.counter('calotype_http_requests_total', { method, route, status })
      counters.set(status, counter)
      counter.add()
    },
  }
}

/** Methods that the table does not know are counted as `other`; the parser of HTTP lets only some thirty through. */
const asMethod = (method: string): Labels['method'] => method as Labels['method']
