import { JOBS, type JobName } from '../jobs/index.ts'
import { RENDER_STEPS, VARIANT_FORMATS } from '../rendering/index.ts'

/** The values that a label may have, or how many different ones at most; others are counted as `other`. */
export type LabelValues = readonly string[] | { readonly atMost: number }

export interface MetricDefinition {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: Readonly<Record<string, LabelValues>>
  /** Upper bounds of a histogram. */
  buckets?: readonly number[]
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const
const ORIGINS = ['upload', 'import', 'slot', 'migration'] as const
const STORAGE_OPERATIONS = ['put', 'put_file', 'head', 'read', 'read_whole', 'fetch', 'remove', 'list'] as const
const PURPOSES = ['original', 'variant', 'delivery', 'care'] as const
/** Record keys keep their type only where that is said. */
const JOB_NAMES = Object.keys(JOBS) as readonly JobName[]

/** Routes that the server has, with room for more. */
const ROUTES = { atMost: 300 }
/** The table of error codes, with room for more. */
const CODES = { atMost: 150 }

/** Seconds: calls of storage and HTTP, steps of the engine. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Seconds: what waits in queues or is processed as a whole. */
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600]

/**
 * Every figure that a process tells of itself. The registry of the adapter, docs/metrics.md and the dashboard come from here. No label is an
 * id or a name that users give: the number of series is bounded by this table.
 */
export const METRICS = {
  calotype_http_requests_total: {
    ...{ type: 'counter', help: 'Answered HTTP requests.' },
    labels: { method: METHODS, route: ROUTES, status: STATUS_CLASSES },
  },
  calotype_http_request_duration_seconds: {
    ...{ type: 'histogram', help: 'From the head of a request to the end of its answer.', buckets: QUICK },
    labels: { method: METHODS, route: ROUTES },
  },
  calotype_event_streams: { type: 'gauge', help: 'Open live event streams.', labels: {} },

  calotype_uploads_begun_total: {
    ...{ type: 'counter', help: 'Images made for an upload: by a signed URL (direct) or with their bytes (streamed).' },
    labels: { origin: ORIGINS, way: ['direct', 'streamed'] },
  },
  calotype_uploads_confirmed_total: {
    ...{ type: 'counter', help: 'Images whose bytes are stored and in the queue.' },
    labels: { origin: ORIGINS },
  },
  calotype_uploads_refused_total: {
    ...{ type: 'counter', help: 'Uploads that were answered with an error, or given up before they were confirmed.' },
    labels: { code: CODES },
  },
  calotype_images_ready_total: { type: 'counter', help: 'Images that became ready.', labels: { origin: ORIGINS } },
  calotype_images_failed_total: { type: 'counter', help: 'Images that became failed.', labels: { code: CODES } },
  calotype_image_ready_seconds: {
    ...{ type: 'histogram', help: 'From the last byte of an upload to ready.', buckets: SLOW },
    labels: {},
  },

  calotype_engine_renders_total: {
    ...{ type: 'counter', help: 'Runs of the engine; refused: a verdict on the file, lost: a process that ended.' },
    labels: { outcome: ['done', 'refused', 'lost', 'overloaded', 'failed'] },
  },
  calotype_engine_render_seconds: {
    ...{ type: 'histogram', help: 'Wall time of a run that was done, without waiting.', buckets: QUICK },
    labels: {},
  },
  calotype_engine_wait_seconds: {
    ...{ type: 'histogram', help: 'How long a run waited for a process.', buckets: QUICK },
    labels: {},
  },
  calotype_engine_step_seconds: {
    ...{ type: 'histogram', help: 'Wall time of each step of a run that was done.', buckets: QUICK },
    labels: { step: RENDER_STEPS },
  },
  calotype_engine_encodes_total: {
    ...{ type: 'counter', help: 'Files that were encoded on the way to a variant.' },
    labels: { format: VARIANT_FORMATS },
  },
  calotype_engine_probes_total: {
    ...{ type: 'counter', help: 'Cheap encodes that only foretell a size.' },
    labels: { format: VARIANT_FORMATS },
  },
  calotype_engine_cpu_seconds_total: { type: 'counter', help: 'CPU time of runs that were done.', labels: {} },
  calotype_engine_processes: { type: 'gauge', help: 'Engine processes that live.', labels: {} },
  calotype_engine_busy: { type: 'gauge', help: 'Engine processes that work.', labels: {} },
  calotype_engine_queued: { type: 'gauge', help: 'Runs that wait for an engine process.', labels: {} },

  calotype_job_runs_total: {
    ...{ type: 'counter', help: 'Runs of jobs in this process.' },
    labels: { job: JOB_NAMES, outcome: ['done', 'failed'] },
  },
  calotype_job_duration_seconds: {
    ...{ type: 'histogram', help: 'How long runs of jobs took.', buckets: SLOW },
    labels: { job: JOB_NAMES },
  },
  calotype_job_wait_seconds: {
    ...{ type: 'histogram', help: 'How long jobs were due before they ran.', buckets: SLOW },
    labels: { job: JOB_NAMES },
  },
  calotype_jobs: {
    ...{ type: 'gauge', help: 'Jobs in the queue of all processes; given_up: no further try.' },
    labels: { job: JOB_NAMES, state: ['waiting', 'running', 'given_up'] },
  },
  calotype_jobs_oldest_seconds: {
    ...{ type: 'gauge', help: 'How long the oldest job has been due that nobody runs.' },
    labels: { job: JOB_NAMES },
  },

  calotype_events_total: {
    ...{ type: 'counter', help: 'Events written for live readers.' },
    labels: { type: ['image.status', 'analysis.updated'] },
  },
  calotype_pipeline_messages_total: {
    ...{ type: 'counter', help: 'Messages to the detection pipeline: taken by the queue or not.' },
    labels: { outcome: ['published', 'refused'] },
  },
  calotype_pipeline_waiting: { type: 'gauge', help: 'Messages that wait for the detection pipeline.', labels: {} },
  calotype_pipeline_oldest_seconds: {
    ...{ type: 'gauge', help: 'How long the oldest message has waited for the detection pipeline.', labels: {} },
  },
  calotype_webhook_sends_total: {
    ...{ type: 'counter', help: 'Tries to deliver a webhook, by what the receiver answered.' },
    labels: { outcome: ['2xx', '3xx', '4xx', '5xx', 'no_answer'] },
  },
  calotype_webhook_send_seconds: {
    ...{ type: 'histogram', help: 'How long receivers of webhooks took.', buckets: QUICK },
    labels: {},
  },
  calotype_webhooks_waiting: { type: 'gauge', help: 'Deliveries of webhooks that are due or put off.', labels: {} },
  calotype_webhooks_oldest_seconds: {
    ...{ type: 'gauge', help: 'How long the oldest delivery of a webhook has been under way.', labels: {} },
  },

  calotype_storage_calls_total: {
    ...{ type: 'counter', help: 'Calls of the blob storage.' },
    labels: { operation: STORAGE_OPERATIONS, outcome: ['ok', 'failed'] },
  },
  calotype_storage_call_seconds: {
    ...{ type: 'histogram', help: 'How long calls of the blob storage took.', buckets: QUICK },
    labels: { operation: STORAGE_OPERATIONS },
  },
  calotype_storage_events_total: {
    ...{ type: 'counter', help: 'Events of the storage; ignored: none of ours, dead: went to the dead letters.' },
    labels: { outcome: ['done', 'retry', 'ignored', 'dead'] },
  },

  calotype_cdn_lookups_total: {
    ...{ type: 'counter', help: 'Deliveries of the embedded CDN: from memory (hit), read from storage (miss, large).' },
    labels: { result: ['hit', 'miss', 'large'] },
  },
  calotype_cdn_cache_bytes: { type: 'gauge', help: 'Memory that hot variants take.', labels: {} },
  calotype_delivered_bytes_total: { type: 'counter', help: 'Bytes that this process delivered.', labels: {} },
  calotype_metered_requests_total: {
    ...{ type: 'counter', help: 'Storage requests as the meter of costs counts them.' },
    labels: { purpose: PURPOSES, kind: ['put', 'get'] },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>

type Metrics = typeof METRICS
export type MetricName = keyof Metrics
type OfType<Type> = { [Name in MetricName]: Metrics[Name]['type'] extends Type ? Name : never }[MetricName]
export type CounterName = OfType<'counter'>
export type GaugeName = OfType<'gauge'>
export type HistogramName = OfType<'histogram'>

type ValueOf<Values> = Values extends readonly (infer Value)[] ? Value : string
/** The labels of a metric: of the values that the table knows, or any text where only their number is bounded. */
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof Metrics[Name]['labels']]: ValueOf<Metrics[Name]['labels'][Label]>
}
