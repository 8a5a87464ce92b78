import {
  FINDING_KINDS,
  type Finding,
  type KeyRange,
  type KindCounts,
  MAX_FINDINGS,
  type ReconcileRun,
  type ReconcileStore,
  type Reference,
} from '../../care/index.ts'
import { originalKey } from '../../images/index.ts'
import { type MemoryState, originalId, type StateAccess } from './state.ts'

const noCounts = (): KindCounts => ({
  ...{ unreferenced: { found: 0, repaired: 0 }, missing_original: { found: 0, repaired: 0 } },
  ...{ missing_variant: { found: 0, repaired: 0 }, wrong_size: { found: 0, repaired: 0 } },
})

/** Comparisons of storage and records in memory. */
export function memoryReconcileStore(state: StateAccess): ReconcileStore {
  const own = (organizationId: string, runId: string): ReconcileRun | null => {
    const run = state().reconcileRuns.get(runId)
    return run?.organizationId === organizationId ? run : null
  }
  const active = (organizationId: string) =>
    [...state().reconcileRuns.values()].find(run => run.organizationId === organizationId && isOpen(run)) ?? null
  const findings = (runId: string) => state().reconcileFindings.filter(each => each.runId === runId)
  return {
    add: async run => {
      if (active(run.organizationId)) return false
      state().reconcileRuns.set(run.id, {
        ...structuredClone(run),
        ...{ status: 'queued', attempt: 0, objects: 0, rows: 0, position: null, counts: noCounts() },
        ...{ expectedRows: null, startedAt: null, endedAt: null, failure: null },
      })
      return true
    },
    find: async (organizationId, runId) => structuredClone(own(organizationId, runId)),
    findActive: async organizationId => structuredClone(active(organizationId)),
    begin: async (organizationId, runId, at, expectedRows) => {
      const run = own(organizationId, runId)
      if (!run || !isOpen(run)) return null
      state().reconcileFindings = state().reconcileFindings.filter(
        each => each.runId !== runId || each.outcome !== 'found',
      )
      for (const kind of FINDING_KINDS) run.counts[kind].found = run.counts[kind].repaired
      const fresh = { status: 'running' as const, attempt: run.attempt + 1, objects: 0, rows: 0, position: null }
      return structuredClone(Object.assign(run, fresh, { expectedRows, startedAt: run.startedAt ?? at }))
    },
    save: async ({ organizationId, id, attempt }, { objects, rows, position, counts }, found) => {
      const run = own(organizationId, id)
      if (!run || !isOpen(run) || run.attempt !== attempt) return false
      Object.assign(run, structuredClone({ objects, rows, position, counts }))
      for (const finding of found) keep(state(), id, findings(id), finding)
      return true
    },
    end: async (organizationId, runId, at, failure) => {
      const run = own(organizationId, runId)
      if (!run || !isOpen(run)) return
      Object.assign(run, { status: failure === null ? 'done' : 'failed', endedAt: at, failure })
    },
    listFindings: async (organizationId, runId) => {
      if (!own(organizationId, runId)) return []
      const order = (finding: Finding) => `${FINDING_KINDS.indexOf(finding.kind)} ${finding.key}`
      const kept = findings(runId).map(({ runId: _, ...finding }) => finding)
      return structuredClone(kept.sort((a, b) => (order(a) < order(b) ? -1 : 1)))
    },
    listReferences: async (range, limit) => references(state(), range).slice(0, limit),
    findReferences: async keys => references(state(), null).filter(each => keys.includes(each.key)),
    countReferences: async ranges => ranges.reduce((sum, range) => sum + references(state(), range).length, 0),
    findProjects: async projectIds => new Set(projectIds.filter(id => state().projects.has(id))),
    findInstalled: async organizationId => state().installedOrganizations.has(organizationId),
    noteHistory: async ({ projectId, imageId }, detail, at) => {
      const image = state().images.get(imageId)
      if (image?.projectId !== projectId || image.history.some(line => line.detail === detail)) return
      image.history = [...image.history, { status: image.status, at, detail }]
    },
  }
}

const isOpen = (run: ReconcileRun): boolean => run.status === 'queued' || run.status === 'running'

function keep(state: MemoryState, runId: string, kept: readonly Finding[], finding: Finding): void {
  const same = kept.filter(each => each.kind === finding.kind)
  const known = same.some(each => each.key === finding.key && each.imageId === finding.imageId)
  if (!known && same.length < MAX_FINDINGS) state.reconcileFindings.push({ ...structuredClone(finding), runId })
}

/** Storage knows no time of its own for rows here: a row is as old as its image. */
function references(state: MemoryState, range: KeyRange | null): Reference[] {
  const rows: Reference[] = []
  for (const { projectId, objectKey: key, sizeBytes, state: life } of state.originals.values()) {
    const image = [...state.images.values()].find(
      each => originalId(each.projectId, each.originalKey ?? '') === originalId(projectId, key),
    )
    rows.push({
      key,
      projectId,
      imageId: null,
      role: 'original',
      sizeBytes,
      createdAt: image?.createdAt ?? new Date(0),
      state: life,
    })
  }
  for (const { id, projectId, status, createdAt, updatedAt, variants } of state.images.values()) {
    const row = { projectId, imageId: id, state: status }
    if (status === 'pending_upload')
      rows.push({ ...row, key: originalKey(id), role: 'upload', sizeBytes: null, createdAt })
    for (const { objectKey, sizeBytes } of variants)
      rows.push({ ...row, key: objectKey, role: 'variant', sizeBytes, createdAt: updatedAt })
  }
  return rows
    .filter(({ key }) => range === null || (key > range.after && key < range.before))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}
