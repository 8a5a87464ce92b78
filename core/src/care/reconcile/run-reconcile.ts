import type { Database } from '../../database.ts'
import type { JobPayload, JobRun } from '../../jobs/index.ts'
import { type Comparison, compareStreams } from './compare-streams.ts'
import { confirm } from './confirm.ts'
import { judge } from './judge.ts'
import { readReferences } from './read-references.ts'
import { FINDING_KINDS, type Finding, type ReconcileProgress, type ReconcileRun } from './reconcile-store.ts'
import { repair } from './repair.ts'
import { type Candidate, careOf, type ReconcileDeps, type Round } from './round.ts'
import { prefixesOf, rangeOf, type Scope } from './scope.ts'

/** Findings that are looked at again, repaired and written down together. */
export const FINDING_BATCH = 250
/** Progress is written after this many keys. */
export const PROGRESS_KEYS = 20_000
/** Of one kind: more than this, and more than this share of all keys, and a repair stops, because it is storage that is wrong, or the database. */
export const MASS_FINDINGS = 1_000
export const MASS_SHARE = 0.1

const STOPPED =
  'Far too much differs: storage or database may be the wrong one, or an old copy. Nothing more was repaired. Look at the findings first.'
const GONE = 'The project was deleted meanwhile.'

/**
 * The job `care.reconcile`: reads storage and records beside each other in byte order, in bounded memory. After a kill it begins again:
 * what was repaired before differs no more, and stays in the report.
 */
export async function runReconcile(
  deps: ReconcileDeps,
  payload: JobPayload<'care.reconcile'>,
  job: Pick<JobRun, 'attempt' | 'maxAttempts'>,
): Promise<ReconcileRun | null> {
  const { reconcile } = deps.database
  const { organizationId, runId } = payload
  const queued = await reconcile.find(organizationId, runId)
  if (!queued) return null
  const scope = await scopeOf(deps.database, queued)
  const ranges = prefixesOf(scope).map(rangeOf)
  const run = await reconcile.begin(organizationId, runId, deps.clock.now(), await reconcile.countReferences(ranges))
  if (!run) return null
  const failed = (failure: string | null) => reconcile.end(organizationId, runId, deps.clock.now(), failure)
  try {
    if (scope.projectIds.size === 0 && !scope.unowned) await failed(GONE)
    else {
      const outcome = await compareAll(deps, run, scope, payload.requestId)
      if (outcome !== 'superseded') await failed(outcome === 'stopped' ? STOPPED : null)
    }
  } catch (error) {
    if (job.attempt >= job.maxAttempts) await failed('Storage or database did not answer for too long.')
    throw error
  }
  return reconcile.find(organizationId, runId)
}

async function scopeOf(database: Database, run: ReconcileRun): Promise<Scope> {
  const { organizationId, projectId } = run
  const projects = await database.projects.list(organizationId, projectId === null ? null : [projectId])
  const unowned = projectId === null && (await database.reconcile.findInstalled(organizationId))
  return { projectIds: new Set(projects.map(project => project.id)), unowned }
}

type Outcome = 'done' | 'stopped' | 'superseded'

async function compareAll(deps: ReconcileDeps, run: ReconcileRun, scope: Scope, requestId: string): Promise<Outcome> {
  const progress: ReconcileProgress = { ...run, counts: structuredClone(run.counts) }
  let batch: Candidate[] = []
  let unsaved = 0
  const flush = async (): Promise<Outcome> => {
    const findings = await settle(deps, { run, scope, requestId }, batch)
    batch = []
    unsaved = 0
    countIn(progress, findings)
    if (!(await deps.database.reconcile.save(run, progress, findings))) return 'superseded'
    return run.apply && isMass(progress) ? 'stopped' : 'done'
  }
  for (const prefix of prefixesOf(scope)) {
    for await (const comparison of comparisonsUnder(deps, run, prefix)) {
      for (const finding of judge(comparison, scope, run.cutOff)) batch.push({ finding, object: comparison.object })
      countKey(progress, comparison)
      unsaved++
      if (batch.length < FINDING_BATCH && unsaved < PROGRESS_KEYS) continue
      const outcome = await flush()
      if (outcome !== 'done') return outcome
    }
  }
  return flush()
}

/** Looks at each finding again, and repairs those that still hold. */
async function settle(deps: ReconcileDeps, round: Round, batch: readonly Candidate[]): Promise<readonly Finding[]> {
  const held = await confirm(deps, round, batch)
  return round.run.apply ? repair(deps, round, held) : held.map(({ finding }) => finding)
}

function comparisonsUnder(deps: ReconcileDeps, run: ReconcileRun, prefix: string): AsyncGenerator<Comparison> {
  const objects = deps.blobs.list(prefix, careOf(run))
  return compareStreams(objects, readReferences(deps.database.reconcile, rangeOf(prefix)))
}

function countKey(progress: ReconcileProgress, { key, object, references }: Comparison): void {
  progress.position = key
  if (object) progress.objects++
  progress.rows += references.length
}

function countIn({ counts }: ReconcileProgress, findings: readonly Finding[]): void {
  for (const { kind, outcome } of findings) {
    counts[kind].found++
    if (outcome !== 'found') counts[kind].repaired++
  }
}

/** A disk that is not mounted looks like one from which everything was lost. */
function isMass({ counts, objects, rows }: ReconcileProgress): boolean {
  const limit = Math.max(MASS_FINDINGS, MASS_SHARE * Math.max(objects, rows))
  return FINDING_KINDS.some(kind => counts[kind].found > limit)
}
