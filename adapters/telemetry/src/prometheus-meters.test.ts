import { METRICS, type MetricDefinition } from '@calotype/core'
import { expect, it } from 'vitest'
import { createPrometheusMeters } from './prometheus-meters.ts'

const linesOf = (text: string, name: string) => text.split('\n').filter(line => line.startsWith(name))

it('tells every metric of the table as OpenMetrics text', async () => {
  const { contentType, text } = await createPrometheusMeters().expose()
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(text.endsWith('\n# EOF\n')).toBe(true)
  const definitions: ReadonlyArray<[string, MetricDefinition]> = Object.entries(METRICS)
  for (const [name, { type, help }] of definitions) {
    const shown = name.replace(/_total$/, '')
    expect(linesOf(text, `# TYPE ${shown} `)).toEqual([`# TYPE ${shown} ${type}`])
    expect(linesOf(text, `# HELP ${shown} `)).toEqual([`# HELP ${shown} ${help}`])
  }
  expect(linesOf(text, 'process_cpu_seconds_total')).toHaveLength(1)
})

it('counts by labels, and what is counted anew adds up', async () => {
  const meters = createPrometheusMeters()
  const series = meters.counter('calotype_images_failed_total', { code: 'corrupt_image' })
  series.add()
  series.add(2)
  meters.counter('calotype_images_failed_total', { code: 'corrupt_image' }).add()
  meters.counter('calotype_images_failed_total', { code: 'too_many_pixels' }).add()
  const { text } = await meters.expose()
  expect(linesOf(text, 'calotype_images_failed_total')).toEqual([
    'calotype_images_failed_total{code="corrupt_image"} 4',
    'calotype_images_failed_total{code="too_many_pixels"} 1',
  ])
})

it('puts what is observed into buckets that hold those below them', async () => {
  const meters = createPrometheusMeters()
  const series = meters.histogram('calotype_job_wait_seconds', { job: 'care.sweep' })
  for (const value of [0.05, 0.2, 0.2, 7_000]) series.observe(value)
  const { text } = await meters.expose()
  const bucket = (bound: string) =>
    linesOf(text, 'calotype_job_wait_seconds_bucket').filter(line => line.includes(`le="${bound}"`))
  expect(bucket('0.05')).toEqual(['calotype_job_wait_seconds_bucket{job="care.sweep",le="0.05"} 1'])
  expect(bucket('0.25')).toEqual(['calotype_job_wait_seconds_bucket{job="care.sweep",le="0.25"} 3'])
  expect(bucket('3600')).toEqual(['calotype_job_wait_seconds_bucket{job="care.sweep",le="3600"} 3'])
  expect(bucket('+Inf')).toEqual(['calotype_job_wait_seconds_bucket{job="care.sweep",le="+Inf"} 4'])
  expect(linesOf(text, 'calotype_job_wait_seconds_sum')).toEqual([
    'calotype_job_wait_seconds_sum{job="care.sweep"} 7000.45',
  ])
  expect(linesOf(text, 'calotype_job_wait_seconds_count')).toEqual([
    'calotype_job_wait_seconds_count{job="care.sweep"} 4',
  ])
})

it('makes no more series than the table foresees, whoever sends what', async () => {
  const meters = createPrometheusMeters()
  const limit = METRICS.calotype_uploads_refused_total.labels.code.atMost
  for (let index = 0; index < limit + 50; index++)
    meters.counter('calotype_uploads_refused_total', { code: `code_${index}` }).add()
  const lines = linesOf((await meters.expose()).text, 'calotype_uploads_refused_total')
  expect(lines).toHaveLength(limit + 1)
  expect(lines).toContain('calotype_uploads_refused_total{code="other"} 50')
})

it('asks for what is looked up, and leaves out what cannot be', async () => {
  const meters = createPrometheusMeters()
  meters.report('calotype_engine_busy', () => [{ labels: {}, value: 2 }])
  meters.report('calotype_jobs', async () => {
    throw new Error('the database is away')
  })
  meters.report('calotype_jobs', async () => [
    { labels: { job: 'care.sweep' as const, state: 'waiting' as const }, value: 3 },
  ])
  const { text } = await meters.expose()
  expect(linesOf(text, 'calotype_engine_busy')).toEqual(['calotype_engine_busy 2'])
  expect(linesOf(text, 'calotype_jobs{')).toEqual(['calotype_jobs{job="care.sweep",state="waiting"} 3'])
})
