import { z } from 'zod'

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

const MIN_TOKEN_LENGTH = 16
const OTLP_TRACES_PATH = '/v1/traces'

/** `name=value,name=value`, percent-encoded, as OpenTelemetry writes headers and attributes. */
const pairs = z
  .string()
  .default('')
  .transform((text, context) => {
    const found: Record<string, string> = {}
    for (const part of text.split(',').filter(each => each.trim() !== '')) {
      const cut = part.indexOf('=')
      const name = part.slice(0, cut).trim()
      if (cut === -1 || name === '') {
        context.addIssue({ code: 'custom', message: 'must be name=value, separated by commas' })
        return z.NEVER
      }
      found[name] = decode(part.slice(cut + 1).trim())
    }
    return found
  })

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Environment variables of what the program tells of itself; those of traces have the names that OpenTelemetry gave them. */
export const TelemetryEnvironment = {
  METRICS: z.enum(['on', 'off']).default('on').describe('`off` counts nothing, and `GET /metrics` answers 404.'),
  METRICS_TOKEN: z
    .string()
    .min(MIN_TOKEN_LENGTH, `must have at least ${MIN_TOKEN_LENGTH} characters`)
    .optional()
    .describe(
      'What `GET /metrics` wants as a bearer. Without it, it answers this machine alone: set it wherever a proxy stands in front.',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
    .optional()
    .describe('Where traces are sent by OTLP over HTTP (JSON); `/v1/traces` is appended. Without it none are made.'),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.describe('Headers for it, `name=value` separated by commas.'),
  OTEL_SERVICE_NAME: z.string().min(1).default('calotype').describe('What traces call this process.'),
  OTEL_RESOURCE_ATTRIBUTES: pairs.describe('What else traces say of it, `name=value` separated by commas.'),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on').describe('Which requests are traced.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('The share of them, from 0 to 1, for samplers by ratio.'),
}

/** These are not shown when they are wrong. */
export const TELEMETRY_SECRETS: readonly string[] = ['METRICS_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS']

/** What this process tells of itself, and to whom. */
export interface TelemetrySettings {
  metrics: boolean
  /** Null: `GET /metrics` answers this machine alone. */
  metricsToken: string | null
  /** Null: no traces. */
  tracing: {
    url: string
    /** May carry a secret. */
    headers: Readonly<Record<string, string>>
    serviceName: string
    resource: Readonly<Record<string, string>>
    sampler: (typeof SAMPLERS)[number]
    ratio: number
  } | null
}

type Fields = z.infer<z.ZodObject<typeof TelemetryEnvironment>>

export const readTelemetrySettings = (e: Fields): TelemetrySettings => ({
  metrics: e.METRICS === 'on',
  metricsToken: e.METRICS_TOKEN ?? null,
  tracing:
    e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
      ? null
      : {
          url: `${e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}${OTLP_TRACES_PATH}`,
          headers: e.OTEL_EXPORTER_OTLP_HEADERS,
          serviceName: e.OTEL_SERVICE_NAME,
          resource: e.OTEL_RESOURCE_ATTRIBUTES,
          sampler: e.OTEL_TRACES_SAMPLER,
          ratio: e.OTEL_TRACES_SAMPLER_ARG,
        },
})
