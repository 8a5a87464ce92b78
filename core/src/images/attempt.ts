import type { Project } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError, isContentVerdict } from '../errors.ts'
import type { JobRun } from '../jobs/index.ts'
import { enqueuePurge } from './enqueue.ts'
import type { Image } from './image.ts'
import { moveImage } from './move-image.ts'

type Deps = { database: Database; clock: Clock }

/** After this many attempts that the engine lost, the image is poison and stays `failed` (requirement V8). */
export const MAX_ENGINE_FAILURES = 3
/** After this many attempts that ended with their whole process, the image is poison, too: what takes a server down may be the image. */
export const MAX_LOST_ATTEMPTS = 5
/** Storage and network may be away this long before an image is given up (requirement O4). */
export const MAX_REQUEUE_MS = 24 * 3_600_000

/** One attempt at an image, fenced by its number: another attempt's results are not written under it. */
export interface Attempt {
  image: Image
  project: Project
}

/** Takes the image up. Null when there is nothing (left) to do: it is gone, settled, or another worker was faster. */
export async function beginAttempt(deps: Deps, projectId: string, imageId: string): Promise<Attempt | null> {
  const project = await deps.database.projects.load(projectId)
  if (!project) return null
  const image = await deps.database.transaction(async tx => {
    const at = deps.clock.now()
    let current = await tx.images.load(projectId, imageId, { lock: true })
    // The queue gives a job to one worker at a time, so whoever held this attempt is dead.
    if (current?.status === 'processing') current = await countLost(tx, current, at)
    if (current?.status !== 'uploaded') return null
    return moveImage(tx, current, 'processing', { at, change: { attempt: current.attempt + 1 } })
  })
  return image && { image, project }
}

async function countLost(tx: Stores, image: Image, at: Date): Promise<Image | null> {
  const lostAttempts = image.lostAttempts + 1
  if (lostAttempts < MAX_LOST_ATTEMPTS)
    return moveImage(tx, image, 'uploaded', { at, detail: 'attempt lost', change: { lostAttempts } })
  const failure = {
    code: 'attempts_lost',
    detail: `The server stopped ${lostAttempts} times while it worked on this image. It can be tried anew by hand.`,
  }
  return moveImage(tx, image, 'failed', { at, detail: failure.code, change: { lostAttempts, failure } })
}

/**
 * Settles an attempt that went wrong. A verdict on the content, poison and exhausted patience end as `failed`; everything else goes back
 * to `uploaded` and is thrown on, so that the queue tries again after a pause.
 */
export async function loseAttempt(
  deps: Deps,
  { image }: Attempt,
  error: unknown,
  run: JobRun,
  requestId: string,
): Promise<void> {
  const at = deps.clock.now()
  const known = error instanceof DomainError ? error : null
  const verdict = isContentVerdict(error)
  const waiting = known !== null && ['storage', 'network', 'overloaded'].includes(known.kind)
  const engineFailures = image.engineFailures + (verdict || waiting ? 0 : 1)
  const patienceEnded =
    run.attempt >= run.maxAttempts || (waiting && at.getTime() - run.firstQueuedAt.getTime() > MAX_REQUEUE_MS)
  const final = verdict || engineFailures >= MAX_ENGINE_FAILURES || patienceEnded
  const failure = {
    code: known?.code ?? 'internal',
    detail: known?.message ?? 'An unexpected error stopped the work on this image.',
  }
  const moved = await deps.database.transaction(async tx => {
    const how = { at, attempt: image.attempt, detail: failure.code }
    if (!final) return moveImage(tx, image, 'uploaded', { ...how, change: { engineFailures } })
    const failed = await moveImage(tx, image, 'failed', { ...how, change: { engineFailures, failure } })
    if (failed && verdict) await enqueuePurge(tx, failed, requestId)
    return failed
  })
  if (moved && !final) throw error
}
