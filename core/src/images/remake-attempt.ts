import type { Project } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError, isContentVerdict } from '../errors.ts'
import type { JobPayload, JobRun } from '../jobs/index.ts'
import { type ImageProcessor, planRecipe, type Recipe } from '../rendering/index.ts'
import { type Attempt, MAX_ENGINE_FAILURES, MAX_LOST_ATTEMPTS, MAX_REQUEUE_MS } from './attempt.ts'
import type { Image } from './image.ts'
import { isMadeBy, isUnder } from './remake-keys.ts'
import { enqueueRemake, settleRemake } from './remake-progress.ts'
import type { RemakeItem, RemakeRun, SettledItem } from './remake-store.ts'

type Deps = { database: Database; clock: Clock; processor: Pick<ImageProcessor, 'version'> }
type Payload = JobPayload<'image.remake'>

/** An image that is just being processed is looked at again after this long. */
export const UNREADY_PAUSE_MS = 30_000

export interface RemakeAttempt extends Attempt {
  recipe: Recipe
  /** Its files lie where another visibility wants them: they move before they are made anew. */
  isElsewhere: boolean
}

const isSettled = ({ state }: RemakeItem): boolean => ['done', 'failed', 'skipped'].includes(state)

/** Takes an image of a run up under a number of its own. Null when there is nothing (left) to do for it now. */
export async function beginRemake(deps: Deps, payload: Payload): Promise<RemakeAttempt | null> {
  const { projectId, imageId } = payload
  return deps.database.transaction(async tx => {
    const run = await tx.remakes.lock(projectId, payload.runId)
    const item = await tx.remakes.loadItem(payload)
    if (!run || !item || isSettled(item) || run.state === 'cancelled') return null
    if (run.state === 'paused') {
      await tx.remakes.setItem(payload, { state: 'waiting', losses: item.losses })
      return null
    }
    const project = await tx.projects.load(projectId)
    const image = await tx.images.load(projectId, imageId, { lock: true })
    if (image && (image.status === 'uploaded' || image.status === 'processing')) {
      await enqueueRemake(tx, payload, new Date(deps.clock.now().getTime() + UNREADY_PAUSE_MS))
      return null
    }
    if (!project || image?.status !== 'ready') return settle(deps, tx, run, payload, 'skipped')
    const recipe = planRecipe(project.settings.variants, deps.processor.version)
    return takeUp(deps, tx, { run, item, payload, project, image, recipe })
  })
}

interface Found {
  run: RemakeRun
  item: RemakeItem
  payload: Payload
  project: Project
  image: Image
  recipe: Recipe
}

async function takeUp(deps: Deps, tx: Stores, found: Found): Promise<RemakeAttempt | null> {
  const { run, item, payload, project, image, recipe } = found
  const isElsewhere = !isUnder(image, project.settings.visibility)
  if (isMadeBy(image, recipe) && !isElsewhere) return settle(deps, tx, run, payload, 'done')
  if (image.originalKey === null && !isElsewhere) return settle(deps, tx, run, payload, 'failed', 'original_gone')
  // The queue gives a job to one worker at a time, so whoever worked on it is dead.
  const losses = item.losses + (item.state === 'working' ? 1 : 0)
  if (losses >= MAX_LOST_ATTEMPTS) return settle(deps, tx, run, payload, 'failed', 'attempts_lost')
  await tx.remakes.setItem(payload, { state: 'working', losses })
  const attempt = image.attempt + 1
  await tx.images.update({ projectId: image.projectId, imageId: image.id, status: 'ready' }, { attempt })
  return { project, recipe, isElsewhere, image: { ...image, attempt } }
}

async function settle(
  deps: Pick<Deps, 'clock'>,
  tx: Stores,
  run: RemakeRun,
  { imageId, requestId }: Payload,
  state: SettledItem,
  code?: string,
): Promise<null> {
  const why = code === undefined ? {} : { code }
  await settleRemake(tx, run, { imageId, state, ...why, at: deps.clock.now(), requestId })
  return null
}

/**
 * Settles an attempt that went wrong: the image keeps what it had. A verdict on the content, poison and exhausted patience count as
 * failed; everything else is thrown on, so that the queue tries again after a pause.
 */
export async function loseRemake(
  deps: Pick<Deps, 'database' | 'clock'>,
  payload: Payload,
  error: unknown,
  run: JobRun,
): Promise<void> {
  const known = error instanceof DomainError ? error : null
  const waiting = known !== null && ['storage', 'network', 'overloaded'].includes(known.kind)
  const waited = deps.clock.now().getTime() - run.firstQueuedAt.getTime()
  const patienceEnded = run.attempt >= run.maxAttempts || (waiting && waited > MAX_REQUEUE_MS)
  const gone = known?.code === 'original_gone'
  const poison = !waiting && run.attempt >= MAX_ENGINE_FAILURES
  const final = gone || isContentVerdict(error) || poison || patienceEnded
  await deps.database.transaction(async tx => {
    const remake = await tx.remakes.lock(payload.projectId, payload.runId)
    const item = await tx.remakes.loadItem(payload)
    if (!remake || item?.state !== 'working') return
    if (final) await settle(deps, tx, remake, payload, 'failed', known?.code ?? 'internal')
    else await tx.remakes.setItem(payload, { state: 'queued', losses: item.losses })
  })
  if (!final) throw error
}
