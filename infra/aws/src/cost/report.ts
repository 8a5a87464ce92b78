import { SIZES } from '../sizes.ts'
import { type Cost, laterCosts, millionCosts, standingCosts, sum } from './estimate.ts'
import { PRICE_PAGES, PRICES_OF } from './prices.ts'
import type { Workload } from './workload.ts'

const ARCHITECTURE = 'x86_64'
const dollars = (usd: number): string => usd.toFixed(2)

const table = (head: readonly [string, string, string], rows: readonly (readonly [string, string, string])[]): string =>
  [`| ${head.join(' | ')} |`, '|---|---|---:|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n')

const costTable = (title: string, costs: readonly Cost[]): string =>
  table(
    [title, 'formula', 'USD a month'],
    [
      ...costs.map(({ what, formula, usd }) => [what, formula, dollars(usd)] as const),
      ['**together**', '', `**${dollars(sum(costs))}**`],
    ],
  )

/** The estimate as Markdown: what stands, what a million images add, and what they cost later. */
export function costReport(load: Workload): string {
  const small = { ...SIZES.hobby, architecture: ARCHITECTURE } as const
  const team = { ...SIZES.team, architecture: ARCHITECTURE } as const
  return [
    `Prices: ${PRICES_OF}; see ${PRICE_PAGES.join(', ')}.`,
    costTable('`hobby`, standing', standingCosts(small)),
    costTable('`team`, standing', standingCosts(team)),
    costTable('a million images, their first month', millionCosts(load, small)),
    `Each later month with as many views: ${dollars(laterCosts(load, small, false))} USD; with originals in the archive class: ${dollars(laterCosts(load, small, true))} USD.`,
  ].join('\n\n')
}
