export { describeFinding } from './describe-finding.ts'
export { describeRun } from './describe-run.ts'
export * from './errors.ts'
export * from './get-reconcile.ts'
export { RECONCILE_GRACE_MS } from './judge.ts'
export * from './mend-image.ts'
export type {
  Finding,
  FindingKind,
  FindingOutcome,
  KeyRange,
  KindCounts,
  NewRun,
  ReconcileProgress,
  ReconcileRun,
  ReconcileStore,
  Reference,
  RunStatus,
} from './reconcile-store.ts'
export { FINDING_KINDS, MAX_FINDINGS } from './reconcile-store.ts'
export * from './run-reconcile.ts'
export * from './start-reconcile.ts'
