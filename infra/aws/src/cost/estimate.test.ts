import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SIZES } from '../sizes.ts'
import { laterCosts, millionCosts, standingCosts, sum } from './estimate.ts'
import { costReport } from './report.ts'
import { WORKLOAD } from './workload.ts'

const hobby = { ...SIZES.hobby, architecture: 'x86_64' } as const
const team = { ...SIZES.team, architecture: 'x86_64' } as const
const of = (costs: ReturnType<typeof millionCosts>, what: string) =>
  costs.find(cost => cost.what === what)?.usd ?? Number.NaN

describe('the estimate', () => {
  it('adds up what stands', () => {
    const costs = standingCosts(hobby)
    expect(of(costs, 'API tasks')).toBeCloseTo((0.5 * 0.04048 + 0.004445) * 730, 2)
    expect(of(costs, 'database')).toBeCloseTo(0.016 * 730 + 20 * 0.115, 2)
    expect(of(costs, 'NAT gateways')).toBe(0)
    expect(sum(costs)).toBeCloseTo(
      costs.reduce((total, { usd }) => total + usd, 0),
      6,
    )
    expect(of(standingCosts(team), 'database')).toBeCloseTo(2 * (0.065 * 730 + 50 * 0.115), 2)
  })

  it('grows with what images do', () => {
    const usual = millionCosts(WORKLOAD, hobby)
    const more = millionCosts({ ...WORKLOAD, originalMb: 6, views: 20, cpuSeconds: 4.06 }, hobby)
    for (const what of ['workers', 'storage, originals', 'CDN, bytes', 'CDN, requests'])
      expect(of(more, what)).toBeCloseTo(2 * of(usual, what), 6)
    expect(of(more, 'queues')).toBe(of(usual, 'queues'))
  })

  it('knows ARM as cheaper, and the archive class', () => {
    expect(sum(standingCosts({ ...hobby, architecture: 'arm64' }))).toBeLessThan(sum(standingCosts(hobby)))
    expect(laterCosts(WORKLOAD, hobby, true)).toBeLessThan(laterCosts(WORKLOAD, hobby, false))
  })

  it('is what docs/deploy-aws.md says, figure for figure', () => {
    const page = readFileSync(new URL('../../../../docs/deploy-aws.md', import.meta.url), 'utf8')
    expect(page).toContain(costReport(WORKLOAD))
  })
})
