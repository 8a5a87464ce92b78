import { expect, it } from 'vitest'
import { describeFinding } from './describe-finding.ts'
import { describeRun } from './describe-run.ts'
import { FINDING_KINDS, type Finding, type ReconcileRun } from './reconcile-store.ts'

const findingOf = (change: Partial<Finding>): Finding => ({
  ...{ kind: 'unreferenced', key: 'uploads/x', projectId: null, imageId: null },
  ...{ expectedBytes: 1_200_000, actualBytes: 4_096, outcome: 'found' },
  ...change,
})

it('tells each kind in words of its own, and what became of it', () => {
  expect(FINDING_KINDS.map(kind => describeFinding(findingOf({ kind })))).toEqual([
    'Nothing refers to this object of 4,096 bytes.',
    'The original is recorded, but storage does not hold it.',
    'This variant of a ready image is recorded, but storage does not hold it.',
    'Storage holds 4,096 bytes where 1,200,000 bytes were written.',
  ])
  expect(describeFinding(findingOf({ outcome: 'removed', actualBytes: null }))).toBe(
    'Nothing refers to this object of 0 bytes. It was removed.',
  )
  expect(describeFinding(findingOf({ kind: 'missing_variant', outcome: 'requeued' }))).toMatch(/being made again\.$/)
  expect(describeFinding(findingOf({ kind: 'missing_original', outcome: 'recorded' }))).toMatch(/tells so\.$/)
})

it('tells how a run stands', () => {
  const none = { found: 0, repaired: 0 }
  const counts = {
    unreferenced: { found: 1_234, repaired: 3 },
    missing_original: none,
    missing_variant: none,
    wrong_size: none,
  }
  const run: ReconcileRun = {
    ...{ id: 'r', organizationId: 'o', projectId: null, apply: false, status: 'queued', attempt: 0, counts },
    ...{ cutOff: new Date(0), createdAt: new Date(0), startedAt: null, endedAt: null, failure: null },
    ...{ expectedRows: null, objects: 20_000, rows: 7, position: null, startedBy: { kind: 'user', id: 'u' } },
  }
  expect(describeRun(run)).toBe('Waits for a worker.')
  const found = 'Found 1,234 objects that nothing refers to'
  expect(describeRun({ ...run, status: 'running' })).toBe(`Compared 20,000 objects and 7 records so far. ${found}.`)
  expect(describeRun({ ...run, status: 'done', apply: true })).toMatch(`${found} (3 settled).`)
  expect(describeRun({ ...run, status: 'failed', failure: 'Why.' })).toMatch(/^Ended early after .*: Why\. Found/)
  expect(describeRun({ ...run, status: 'done', counts: { ...counts, unreferenced: none } })).toMatch(
    /Nothing differs\.$/,
  )
})
