import { expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const OTLP = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' }

it('counts, and traces nothing, unless told', () => {
  expect(readConfig({}).telemetry).toEqual({ metrics: true, metricsToken: null, tracing: null })
  expect(readConfig({ METRICS: 'off' }).telemetry.metrics).toBe(false)
})

it('reads the variables of OpenTelemetry', () => {
  const { tracing } = readConfig({
    ...OTLP,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-tenant = photos',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.05',
  }).telemetry
  expect(tracing).toEqual({
    url: 'http://collector:4318/v1/traces',
    headers: { authorization: 'Bearer abc', 'x-tenant': 'photos' },
    serviceName: 'calotype',
    resource: { 'deployment.environment': 'test' },
    sampler: 'parentbased_traceidratio',
    ratio: 0.05,
  })
})

it('names what is wrong, without secrets', () => {
  const wrong = {
    ...{ METRICS_TOKEN: 'short-secret', OTEL_EXPORTER_OTLP_HEADERS: 'secret-without-a-name' },
    ...{ OTEL_TRACES_SAMPLER: 'sometimes', OTEL_TRACES_SAMPLER_ARG: '2', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
  }
  const read = () => readConfig(wrong)
  expect(read).toThrow(ConfigError)
  expect(read).toThrow(/5 problems/)
  expect(read).not.toThrow(/short-secret|secret-without/)
})
