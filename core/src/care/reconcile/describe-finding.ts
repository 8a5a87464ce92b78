import type { Finding, FindingOutcome } from './reconcile-store.ts'

const OUTCOMES: Record<FindingOutcome, string> = {
  found: '',
  removed: ' It was removed.',
  requeued: ' The variants are being made again.',
  recorded: ' It cannot be mended; the history of the image tells so.',
}

const bytes = (count: number | null): string => `${(count ?? 0).toLocaleString('en-US')} bytes`

/** A finding in a sentence or two, for people. */
export function describeFinding(finding: Finding): string {
  return whatIs(finding) + OUTCOMES[finding.outcome]
}

function whatIs(finding: Finding): string {
  switch (finding.kind) {
    case 'unreferenced':
      return `Nothing refers to this object of ${bytes(finding.actualBytes)}.`
    case 'missing_original':
      return 'The original is recorded, but storage does not hold it.'
    case 'missing_variant':
      return 'This variant of a ready image is recorded, but storage does not hold it.'
    case 'wrong_size':
      return `Storage holds ${bytes(finding.actualBytes)} where ${bytes(finding.expectedBytes)} were written.`
  }
}
