import { styleText } from 'node:util'
import type { Finding } from './check.ts'
import type { Result } from './run-checks.ts'

const TICKS: Record<Finding['outcome'], { tick: string; colour: 'green' | 'red' | 'dim' }> = {
  ok: { tick: '✓', colour: 'green' },
  failed: { tick: '✗', colour: 'red' },
  skipped: { tick: '–', colour: 'dim' },
}
const NAME_WIDTH = 20
/** Control characters of somebody else's answer have no business in a terminal. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

const durationOf = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`

/** One check as a line, and a second one with what to do where it failed. */
export function resultLines(result: Result, colours: boolean): string[] {
  const { tick, colour } = TICKS[result.outcome]
  const paint = (style: 'green' | 'red' | 'dim' | 'bold', text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text
  const name = result.name.padEnd(NAME_WIDTH)
  const time = result.outcome === 'skipped' ? '' : ` ${paint('dim', `(${durationOf(result.durationMs)})`)}`
  const found = plain(result.found)
  const line = `${paint(colour, tick)} ${result.outcome === 'failed' ? paint('bold', name) : name} ${
    result.outcome === 'skipped' ? paint('dim', found) : found
  }${time}`
  return result.advice === '' ? [line] : [line, `  ${''.padEnd(NAME_WIDTH)} → ${plain(result.advice)}`]
}

export const countOf = (results: readonly Result[], outcome: Finding['outcome']): number =>
  results.filter(result => result.outcome === outcome).length

/** The last line: what it all comes to. */
export function summaryLine(results: readonly Result[], stopped: boolean): string {
  const failures = countOf(results, 'failed')
  const counts = `${countOf(results, 'ok')} proven, ${countOf(results, 'skipped')} skipped`
  if (stopped) return `Stopped: ${counts}, ${failures} broken so far.`
  return failures === 0 ? `Nothing is broken: ${counts}.` : `${failures} broken: ${counts}.`
}

/** The same for programs. */
export const toJson = (results: readonly Result[], stopped: boolean): string =>
  JSON.stringify(
    {
      ok: !stopped && countOf(results, 'failed') === 0,
      stopped,
      checks: results.map(({ durationMs, advice, ...rest }) => ({
        ...rest,
        advice: advice === '' ? null : advice,
        duration_ms: durationMs,
      })),
    },
    null,
    2,
  )
