import type { Clock } from '../../clock.ts'
import {
  type Image,
  type ItemKey,
  type RemakeRun,
  type RemakeStore,
  remakeUnderWay,
  visibilityOf,
} from '../../images/index.ts'
import { copyOf } from './copy-of.ts'
import { liveProject, type MemoryRemakeItem, type MemoryState, type StateAccess } from './state.ts'

const itemId = ({ runId, imageId }: Pick<ItemKey, 'runId' | 'imageId'>): string => `${runId} ${imageId}`
const isOpen = ({ state }: MemoryRemakeItem): boolean => ['waiting', 'queued', 'working'].includes(state)
const hasJob = ({ state }: MemoryRemakeItem): boolean => state === 'queued' || state === 'working'

/** Runs that remake variants, in memory. */
export function memoryRemakeStore(state: StateAccess): RemakeStore {
  const own = (projectId: string, runId: string): RemakeRun | null => {
    const run = state().remakeRuns.get(runId)
    return run?.projectId === projectId ? run : null
  }
  const itemsOf = (projectId: string, runId: string): MemoryRemakeItem[] =>
    [...state().remakeItems.values()]
      .filter(item => item.projectId === projectId && item.runId === runId)
      .sort((left, right) => (left.imageId < right.imageId ? -1 : 1))
  const itemOf = (key: ItemKey): MemoryRemakeItem | null => {
    const item = state().remakeItems.get(itemId(key))
    return item?.projectId === key.projectId ? item : null
  }
  const active = (projectId: string): RemakeRun | null =>
    [...state().remakeRuns.values()].find(
      run => run.projectId === projectId && ['running', 'paused'].includes(run.state),
    ) ?? null
  const answer = (run: RemakeRun | null): RemakeRun | null =>
    run && { ...copyOf(run), failures: failuresOf(itemsOf(run.projectId, run.id)) }
  return {
    start: async (run, imageIds, at) => {
      if (active(run.projectId)) throw remakeUnderWay()
      return start(state(), run, imageIds, at)
    },
    find: async (organizationId, runId) => {
      const run = state().remakeRuns.get(runId) ?? null
      return run && liveProject(state(), run.projectId)?.organizationId === organizationId ? answer(run) : null
    },
    findActive: async projectId => answer(active(projectId)),
    lock: async (projectId, runId) => answer(own(projectId, runId)),
    setState: async (projectId, runId, to, finishedAt) => {
      Object.assign(own(projectId, runId) ?? {}, { state: to, finishedAt })
    },
    takeWaiting: async (projectId, runId, limit) => {
      const taken = itemsOf(projectId, runId)
        .filter(item => item.state === 'waiting')
        .slice(0, limit)
      for (const item of taken) item.state = 'queued'
      return taken.map(item => item.imageId)
    },
    loadItem: async key => {
      const item = itemOf(key)
      return item && { imageId: item.imageId, state: item.state, losses: item.losses }
    },
    setItem: async (key, change) => {
      const item = itemOf(key)
      if (item && isOpen(item)) Object.assign(item, change)
    },
    settleItem: async (key, to, code) => {
      const item = itemOf(key)
      const run = own(key.projectId, key.runId)
      if (!item || !run || !isOpen(item)) return false
      Object.assign(item, { state: to, code })
      run[to] += 1
      return true
    },
    loadOpen: async (projectId, runId) => {
      const items = itemsOf(projectId, runId)
      return { queued: items.filter(hasJob).length, waiting: items.some(item => item.state === 'waiting') }
    },
    hasPublicFiles: async projectId =>
      [...state().images.values()].some(
        image => image.projectId === projectId && image.variants.some(one => visibilityOf(one.objectKey) === 'public'),
      ),
    findRunning: async limit =>
      [...state().remakeRuns.values()]
        .filter(run => run.state === 'running')
        .slice(0, limit)
        .map(({ projectId, id }) => ({ projectId, id })),
    findQueued: async (projectId, runId, limit) =>
      itemsOf(projectId, runId)
        .filter(hasJob)
        .slice(0, limit)
        .map(item => item.imageId),
    noteRemade: async (projectId, imageId, at, detail) => {
      const image = state().images.get(imageId)
      if (image?.projectId === projectId) image.history = [...image.history, { status: 'ready', at, detail }]
    },
    retire: async (projectId, objectKeys, until) => {
      for (const key of objectKeys) state().retiredObjects.set(key, { projectId, until })
    },
    forgetRetired: async (projectId, objectKeys) => {
      const { retiredObjects } = state()
      for (const key of objectKeys) if (retiredObjects.get(key)?.projectId === projectId) retiredObjects.delete(key)
    },
  }
}

function start(
  state: MemoryState,
  { id, projectId }: Pick<RemakeRun, 'id' | 'projectId'>,
  imageIds: readonly string[] | null,
  startedAt: Date,
): RemakeRun {
  const all = [...state.images.values()].filter(
    image => image.projectId === projectId && ['ready', 'processing'].includes(image.status),
  )
  const chosen = new Set(imageIds ?? all.map(image => image.id))
  const counts = { total: chosen.size, done: 0, failed: 0, skipped: 0, failures: [] }
  const run: RemakeRun = { ...{ id, projectId, state: 'running' }, ...counts, startedAt, finishedAt: null }
  state.remakeRuns.set(id, copyOf(run))
  for (const imageId of chosen)
    state.remakeItems.set(itemId({ runId: id, imageId }), {
      ...{ projectId, runId: id, imageId, state: 'waiting', losses: 0, code: null },
    })
  return run
}

function failuresOf(items: readonly MemoryRemakeItem[]): Array<{ code: string; count: number }> {
  const counts = new Map<string, number>()
  for (const { state, code } of items)
    if (state === 'failed' && code !== null) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((left, right) => right.count - left.count || (left.code < right.code ? -1 : 1))
}

/** Whether somebody may be writing below the prefix of an image that is remade. */
export const isBeingRemade = (state: MemoryState, { id, projectId, status }: Image): boolean =>
  status === 'ready' &&
  [...state.remakeItems.values()].some(
    item =>
      item.projectId === projectId &&
      item.imageId === id &&
      item.state === 'working' &&
      ['running', 'paused'].includes(state.remakeRuns.get(item.runId)?.state ?? ''),
  )

/** Whether signed URLs may still lead to an object that was replaced. */
export function isRetired(state: MemoryState, objectKey: string, clock: Clock): boolean {
  const retired = state.retiredObjects.get(objectKey)
  return retired !== undefined && liveProject(state, retired.projectId) !== null && retired.until > clock.now()
}
