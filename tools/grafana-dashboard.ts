import type { MetricName } from '@calotype/core'

interface Query {
  expr: string
  legend: string
}

interface Panel {
  title: string
  /** As Grafana names units. */
  unit: 's' | 'short' | 'percentunit' | 'bytes' | 'Bps' | 'reqps' | 'ops'
  queries: readonly Query[]
}

const WINDOW = '$__rate_interval'
/** Over all processes, by these labels. */
const rate = (name: MetricName, by = '', where = ''): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${name}${where}[${WINDOW}]))`
const quantile = (share: number, name: MetricName, by = ''): string =>
  `histogram_quantile(${share}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${name}_bucket[${WINDOW}])))`
/** The same in every process, because it is looked up where all of them look. */
const shared = (name: MetricName, by = ''): string => `max${by === '' ? '' : ` by (${by})`} (${name})`
const sum = (name: MetricName): string => `sum (${name})`
const share = (part: string, whole: string): string => `(${part}) / (${whole})`
const one = (title: string, unit: Panel['unit'], expr: string, legend = title): Panel => ({
  title,
  unit,
  queries: [{ expr, legend }],
})
const quantiles = (title: string, name: MetricName): Panel => ({
  ...{ title, unit: 's' },
  queries: [0.5, 0.95, 0.99].map(share => ({ expr: quantile(share, name), legend: `p${share * 100}` })),
})

/** What fails by us and not by the caller. */
const OURS = '{code=~"storage_unavailable|database_unavailable|overloaded|internal|engine_.*|attempts_lost"}'
const confirmed = rate('calotype_uploads_confirmed_total')
const published = rate('calotype_pipeline_messages_total', '', '{outcome="published"}')
const delivered = rate('calotype_webhook_sends_total', '', '{outcome="2xx"}')

/** What the dashboard shows, row by row. */
const ROWS: Readonly<Record<string, readonly Panel[]>> = {
  'Does it work?': [
    one(
      'Upload success',
      'percentunit',
      share(confirmed, `${confirmed} + (${rate('calotype_uploads_refused_total', '', OURS)} or vector(0))`),
    ),
    one('Publish success', 'percentunit', share(published, rate('calotype_pipeline_messages_total'))),
    one('Webhook success', 'percentunit', share(delivered, rate('calotype_webhook_sends_total'))),
    one(
      'CDN hit ratio',
      'percentunit',
      share(rate('calotype_cdn_lookups_total', '', '{result="hit"}'), rate('calotype_cdn_lookups_total')),
    ),
    quantiles('Upload to ready', 'calotype_image_ready_seconds'),
  ],
  Requests: [
    one('Requests by status', 'reqps', rate('calotype_http_requests_total', 'status'), '{{status}}'),
    one(
      'Errors of ours by route',
      'reqps',
      rate('calotype_http_requests_total', 'method, route', '{status="5xx"}'),
      '{{method}} {{route}}',
    ),
    one(
      'Slowest routes (p95)',
      's',
      `topk(10, ${quantile(0.95, 'calotype_http_request_duration_seconds', 'method, route')})`,
      '{{method}} {{route}}',
    ),
    one('Live event streams', 'short', sum('calotype_event_streams')),
  ],
  'Uploads and images': [
    one('Uploads begun', 'ops', rate('calotype_uploads_begun_total', 'origin, way'), '{{origin}}, {{way}}'),
    one('Uploads refused', 'ops', rate('calotype_uploads_refused_total', 'code'), '{{code}}'),
    one('Images ready', 'ops', rate('calotype_images_ready_total', 'origin'), '{{origin}}'),
    one('Images failed', 'ops', rate('calotype_images_failed_total', 'code'), '{{code}}'),
  ],
  Engine: [
    one('Runs', 'ops', rate('calotype_engine_renders_total', 'outcome'), '{{outcome}}'),
    quantiles('Time of a run', 'calotype_engine_render_seconds'),
    quantiles('Wait for a process', 'calotype_engine_wait_seconds'),
    one('Steps (p95)', 's', quantile(0.95, 'calotype_engine_step_seconds', 'step'), '{{step}}'),
    {
      ...{ title: 'Encodes and probes', unit: 'ops' },
      queries: [
        { expr: rate('calotype_engine_encodes_total', 'format'), legend: '{{format}}' },
        { expr: rate('calotype_engine_probes_total', 'format'), legend: '{{format}}, probes' },
      ],
    },
    one('CPU', 'short', rate('calotype_engine_cpu_seconds_total'), 'cores'),
    {
      ...{ title: 'Processes', unit: 'short' },
      queries: [
        { expr: sum('calotype_engine_processes'), legend: 'alive' },
        { expr: sum('calotype_engine_busy'), legend: 'busy' },
        { expr: sum('calotype_engine_queued'), legend: 'waiting for one' },
      ],
    },
  ],
  'Queues and messages': [
    one('Jobs', 'short', shared('calotype_jobs', 'job, state'), '{{job}}, {{state}}'),
    one('Oldest job that is due', 's', shared('calotype_jobs_oldest_seconds', 'job'), '{{job}}'),
    one('Runs of jobs', 'ops', rate('calotype_job_runs_total', 'job, outcome'), '{{job}}, {{outcome}}'),
    one('Time of a job (p95)', 's', quantile(0.95, 'calotype_job_duration_seconds', 'job'), '{{job}}'),
    one('Wait of a job (p95)', 's', quantile(0.95, 'calotype_job_wait_seconds', 'job'), '{{job}}'),
    {
      ...{ title: 'Waits to go out', unit: 'short' },
      queries: [
        { expr: shared('calotype_pipeline_waiting'), legend: 'pipeline' },
        { expr: shared('calotype_webhooks_waiting'), legend: 'webhooks' },
      ],
    },
    {
      ...{ title: 'Oldest that waits to go out', unit: 's' },
      queries: [
        { expr: shared('calotype_pipeline_oldest_seconds'), legend: 'pipeline' },
        { expr: shared('calotype_webhooks_oldest_seconds'), legend: 'webhooks' },
      ],
    },
    one('Webhooks', 'ops', rate('calotype_webhook_sends_total', 'outcome'), '{{outcome}}'),
    quantiles('Receivers of webhooks', 'calotype_webhook_send_seconds'),
    one('Events', 'ops', rate('calotype_events_total', 'type'), '{{type}}'),
  ],
  'Storage and delivery': [
    one('Calls', 'ops', rate('calotype_storage_calls_total', 'operation'), '{{operation}}'),
    one(
      'Failed calls',
      'ops',
      rate('calotype_storage_calls_total', 'operation', '{outcome="failed"}'),
      '{{operation}}',
    ),
    one('Time of a call (p95)', 's', quantile(0.95, 'calotype_storage_call_seconds', 'operation'), '{{operation}}'),
    one('Events of the storage', 'ops', rate('calotype_storage_events_total', 'outcome'), '{{outcome}}'),
    one('Delivered', 'Bps', rate('calotype_delivered_bytes_total')),
    one('Memory of hot variants', 'bytes', sum('calotype_cdn_cache_bytes')),
    one('Metered requests', 'ops', rate('calotype_metered_requests_total', 'purpose, kind'), '{{purpose}}, {{kind}}'),
  ],
  Processes: [
    one('CPU', 'short', `rate(process_cpu_seconds_total[${WINDOW}])`, '{{instance}}'),
    one('Memory', 'bytes', 'process_resident_memory_bytes', '{{instance}}'),
    one('Event loop, p99', 's', 'nodejs_eventloop_lag_p99_seconds', '{{instance}}'),
  ],
}

const COLUMNS = 24
const [PANEL_WIDTH, PANEL_HEIGHT] = [8, 8]
const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

/** docs/grafana/calotype.json: the whole dashboard, to be imported as it is. */
export function grafanaDashboard(): unknown {
  const panels: object[] = []
  let y = 0
  for (const [title, row] of Object.entries(ROWS)) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
    })
    y += 1
    for (const [index, panel] of row.entries()) {
      const perRow = COLUMNS / PANEL_WIDTH
      const place = { x: (index % perRow) * PANEL_WIDTH, y: y + Math.floor(index / perRow) * PANEL_HEIGHT }
      panels.push(panelOf(panel, panels.length + 1, { h: PANEL_HEIGHT, w: PANEL_WIDTH, ...place }))
    }
    y += Math.ceil((row.length * PANEL_WIDTH) / COLUMNS) * PANEL_HEIGHT
  }
  const datasource = { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }
  return {
    ...{ uid: 'calotype', title: 'Calotype', tags: ['calotype'], editable: true, schemaVersion: 39, version: 1 },
    ...{ refresh: '30s', time: { from: 'now-6h', to: 'now' }, templating: { list: [datasource] }, panels },
  }
}

const panelOf = ({ title, unit, queries }: Panel, id: number, gridPos: object): object => ({
  ...{ id, type: 'timeseries', title, gridPos, datasource: DATASOURCE },
  fieldConfig: { defaults: { unit, min: 0, ...(unit === 'percentunit' ? { max: 1 } : {}) }, overrides: [] },
  targets: queries.map(({ expr, legend }, index) => ({
    ...{ refId: String.fromCharCode('A'.charCodeAt(0) + index), expr, legendFormat: legend, datasource: DATASOURCE },
  })),
})
