import { METRICS, type MetricDefinition } from '@calotype/core'

const INTRODUCTION = `Every process answers \`GET /metrics\` with these, as OpenMetrics text, and with what Node tells of itself (\`process_…\`, \`nodejs_…\`). Figures
are of that process alone, except where they say otherwise: add them up over processes, and take the maximum of what waits in queues. No label is an id or
a name; values beyond those listed, or beyond the number given, are counted as \`other\`. How to read them: [operations](operations.md#watching-it).`

const labelsOf = ({ labels }: MetricDefinition): string =>
  Object.entries(labels)
    .map(([name, values]) => `\`${name}\`: ${'atMost' in values ? `at most ${values.atMost}` : values.join(', ')}`)
    .join('<br>')

/** docs/metrics.md: the table of core, for people. */
export function metricsPage(generated: string): string {
  const definitions: ReadonlyArray<[string, MetricDefinition]> = Object.entries(METRICS)
  const rows = definitions.map(
    ([name, definition]) => `| \`${name}\` | ${definition.type} | ${definition.help} | ${labelsOf(definition)} |`,
  )
  return `# Metrics\n\n${generated}\n\n${INTRODUCTION}\n\n| metric | type | what | labels |\n|---|---|---|---|\n${rows.join('\n')}\n`
}
