import { FINDING_KINDS, type FindingKind, type ReconcileRun } from './reconcile-store.ts'

const NAMES: Record<FindingKind, string> = {
  unreferenced: 'objects that nothing refers to',
  missing_original: 'originals that are missing',
  missing_variant: 'variants that are missing',
  wrong_size: 'objects of the wrong size',
}

const number = (count: number): string => count.toLocaleString('en-US')

/** How a run stands, in a sentence or two for people. */
export function describeRun(run: ReconcileRun): string {
  const compared = `${number(run.objects)} objects and ${number(run.rows)} records`
  if (run.status === 'queued') return 'Waits for a worker.'
  if (run.status === 'running') return `Compared ${compared} so far. ${findingsOf(run)}`
  if (run.status === 'failed') return `Ended early after ${compared}: ${run.failure} ${findingsOf(run)}`
  return `Compared ${compared}. ${findingsOf(run)}`
}

function findingsOf({ counts, apply }: ReconcileRun): string {
  const told = FINDING_KINDS.filter(kind => counts[kind].found > 0).map(kind => {
    const { found, repaired } = counts[kind]
    return `${number(found)} ${NAMES[kind]}${apply ? ` (${number(repaired)} settled)` : ''}`
  })
  return told.length === 0 ? 'Nothing differs.' : `Found ${told.join(', ')}.`
}
