import type { Stores } from '../../database.ts'
import { judge } from './judge.ts'
import { type Candidate, careOf, type ReconcileDeps, type Round } from './round.ts'
import { projectOf } from './scope.ts'

/** Requests to storage at a time. */
const HEADS_AT_ONCE = 16

/** Those candidates that still hold: two streams were read at two moments, and the world went on in between. */
export async function confirm(
  deps: ReconcileDeps,
  round: Round,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const fresh = await lookAgain(deps, round, candidates)
  const strays = await stillStray(deps.database, candidates, round.scope.projectIds)
  return stillTrue(deps.database, round, fresh, strays)
}

/** The candidates with their objects as they are now. Strays are as they were: nobody ever writes their keys again. */
export async function lookAgain(
  deps: ReconcileDeps,
  round: Round,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const looked: Candidate[] = []
  for (let start = 0; start < candidates.length; start += HEADS_AT_ONCE) {
    const some = candidates.slice(start, start + HEADS_AT_ONCE).map(async candidate => {
      if (candidate.finding.kind === 'unreferenced') return candidate
      return { ...candidate, object: await deps.blobs.head(candidate.finding.key, careOf(round.run)) }
    })
    looked.push(...(await Promise.all(some)))
  }
  return looked
}

/** Keys of strays that belong to nothing indeed: no row, no image that is being worked on, no project that waits for its removal. */
export async function stillStray(
  stores: Pick<Stores, 'images' | 'reconcile'>,
  candidates: readonly Candidate[],
  own: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const keys = candidates.flatMap(({ finding }) => (finding.kind === 'unreferenced' ? [finding.key] : []))
  if (keys.length === 0) return new Set()
  const referenced = await stores.images.findReferencedKeys(keys)
  const strangers = keys.flatMap(key => projectOf(key) ?? []).filter(id => !own.has(id))
  const projects = await stores.reconcile.findProjects([...new Set(strangers)])
  return new Set(keys.filter(key => !referenced.has(key) && !projects.has(projectOf(key) ?? '')))
}

/** Judges again by the rows as they are now. */
export async function stillTrue(
  stores: { reconcile: Pick<Stores['reconcile'], 'findReferences'> },
  { run, scope }: { run: Pick<Round['run'], 'cutOff'>; scope: Round['scope'] },
  candidates: readonly Candidate[],
  strays: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  if (candidates.length === 0) return []
  const rows = await stores.reconcile.findReferences(candidates.map(({ finding }) => finding.key))
  return candidates.flatMap(({ finding, object }) => {
    const { key, kind, imageId, projectId } = finding
    if (kind === 'unreferenced' && !strays.has(key)) return []
    const references = rows.filter(row => row.key === key)
    const now = judge({ key, object, references }, scope, run.cutOff)
    const same = now.find(each => each.kind === kind && each.imageId === imageId && each.projectId === projectId)
    return same ? [{ finding: same, object }] : []
  })
}
