import { expect, it } from 'vitest'
import { describeFinding } from './describe-finding.ts'
import { FINDING_KINDS, type Finding } from './reconcile-store.ts'

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
