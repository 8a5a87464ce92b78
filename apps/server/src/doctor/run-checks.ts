import { hideSecrets } from '../logger.ts'
import type { Check, Finding } from './check.ts'
import type { DoctorParts } from './doctor-parts.ts'

/** A check that has said nothing by then counts as failed. Longer than the event of a storage may take. */
export const CHECK_LIMIT_MS = 120_000

/** What came of one check. */
export interface Result {
  name: string
  outcome: Finding['outcome']
  found: string
  /** What to do; empty unless it failed. */
  advice: string
  durationMs: number
}

interface Options {
  begin(name: string): void
  tell(result: Result): void
  /** Results of checks that ran already. */
  before?: readonly Result[]
  limitMs?: number
}

/**
 * Runs checks one after the other, each told of as it ends. What failed skips what needs it; a check that throws or hangs failed. Once
 * stopped, no further one begins; the one under way ends, so that nothing is written after the clean-up.
 */
export async function runChecks(
  checks: readonly Check[],
  parts: DoctorParts,
  { begin, tell, before = [], limitMs = CHECK_LIMIT_MS }: Options,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const check of checks) {
    if (parts.signal.aborted) break
    begin(check.name)
    const began = performance.now()
    const known = [...before, ...results]
    const broken = (check.needs ?? []).find(name => known.some(each => each.name === name && each.outcome === 'failed'))
    const finding: Finding =
      broken === undefined ? await judge(check, parts, limitMs) : { outcome: 'skipped', found: `needs ${broken}` }
    if (parts.signal.aborted) break
    const result = {
      ...{ name: check.name, outcome: finding.outcome, found: hideSecrets(finding.found) },
      advice: finding.outcome === 'failed' ? (finding.advice ?? check.advice) : '',
      durationMs: Math.round(performance.now() - began),
    }
    results.push(result)
    tell(result)
  }
  return results
}

async function judge(check: Check, parts: DoctorParts, limitMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding>(resolve => {
    const finding: Finding = { outcome: 'failed', found: `no answer within ${limitMs / 1000} s` }
    timer = setTimeout(() => resolve(finding), limitMs)
  })
  try {
    return await Promise.race([check.run(parts), late])
  } catch (error) {
    return { outcome: 'failed', found: reasonOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

/** What is said, and what it came from: the first tells whose fault it is, the second which. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message || error.cause.name})` : ''
  return `${error.message || error.name}${cause}`.replaceAll('\n', ' ')
}
