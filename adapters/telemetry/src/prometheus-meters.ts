import { METRICS, type Meters, type MetricDefinition, type Sample } from '@calotype/core'
import { collectDefaultMetrics, type Metric, type OpenMetricsContentType, Registry } from 'prom-client'
import { createCounterSeries, createHistogramSeries, type Line, type SeriesOf } from './series.ts'

/** Meters whose figures can be asked for. */
export interface PrometheusMeters extends Meters {
  /** Every figure of this process as OpenMetrics text. */
  expose(): Promise<{ contentType: string; text: string }>
}

type Read = () => readonly Sample<never>[] | Promise<readonly Sample<never>[]>

const TABLE: ReadonlyArray<readonly [name: string, definition: MetricDefinition]> = Object.entries(METRICS)

/** The metrics of core's table, and those that the library knows of every process, as Prometheus reads them. */
export function createPrometheusMeters(): PrometheusMeters {
  const registry = new Registry<OpenMetricsContentType>()
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  collectDefaultMetrics({ register: registry })
  const counters = new Map<string, ReturnType<typeof createCounterSeries>>()
  const histograms = new Map<string, ReturnType<typeof createHistogramSeries>>()
  const readers = new Map<string, Read[]>()
  for (const [name, definition] of TABLE) {
    const series: SeriesOf<unknown> | null = open(name, definition)
    const lines = async () => [...(series?.lines() ?? []), ...(await readAll(readers.get(name) ?? []))]
    registry.registerMetric(asMetric(name, definition, lines))
  }

  function open(name: string, definition: MetricDefinition): SeriesOf<unknown> | null {
    if (definition.type === 'counter') return keep(counters, name, createCounterSeries(definition))
    if (definition.type === 'histogram') return keep(histograms, name, createHistogramSeries(name, definition))
    return null
  }

  return {
    counter: (name, labels) => known(counters, name).of(asTexts(labels)),
    histogram: (name, labels) => known(histograms, name).of(asTexts(labels)),
    report: (name, read) => void readers.set(name, [...(readers.get(name) ?? []), read]),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

/** Whatever the metric, its labels are texts; of one that is known only by a type parameter the compiler cannot say so. */
const asTexts = (labels: object): Readonly<Record<string, string>> => labels as Readonly<Record<string, string>>

function keep<Value>(values: Map<string, Value>, name: string, value: Value): Value {
  values.set(name, value)
  return value
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name)
  if (!value) throw new Error(`The table of metrics has no ${name} of that type`)
  return value
}

/** What cannot be looked up now is left out: the other figures are wanted all the more. */
async function readAll(reads: readonly Read[]): Promise<readonly Line[]> {
  const answers = await Promise.allSettled(reads.map(async read => read()))
  return answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
}

/** The registry asks metrics for their name, type and values alone; its types want one of its own classes. */
function asMetric(name: string, { type, help }: MetricDefinition, lines: () => Promise<Line[]>): Metric {
  // OpenMetrics names a counter without the suffix, which the registry appends to its samples.
  const shown = type === 'counter' ? name.replace(/_total$/, '') : name
  const metric = { name, help, type, get: async () => ({ name: shown, help, type, values: await lines() }) }
  return metric as unknown as Metric
}
