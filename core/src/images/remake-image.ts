import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { JobPayload, JobRun } from '../jobs/index.ts'
import type { ImageProcessor } from '../rendering/index.ts'
import type { Workspace } from '../workspace.ts'
import { type Image, weightOf } from './image.ts'
import { variantPrefix, visibilityOf } from './keys.ts'
import { announce } from './move-image.ts'
import { beginRemake, loseRemake, type RemakeAttempt } from './remake-attempt.ts'
import { copyFiles, type NewFiles, renderFiles } from './remake-files.ts'
import { isMadeBy } from './remake-keys.ts'
import { enqueueRemake, settleRemake } from './remake-progress.ts'

type Deps = {
  database: Database
  blobs: BlobStore
  clock: Clock
  processor: ImageProcessor
  workspace: Workspace
  /** The life of signed URLs in seconds. */
  signedUrlSeconds: number
}
type Payload = JobPayload<'image.remake'>

/** A URL that was just issued has between one and two lives left. */
const LIVES_OF_A_URL = 2

/**
 * The job `image.remake`: the variants of a ready image anew, or moved to where the visibility of its project wants them; served once all of
 * them are there. The old ones stay until no URL that was signed for them is good any more. Safe to run again after a kill at any line.
 * Rejects only where the queue should try again later.
 */
export async function remakeImage(
  deps: Deps,
  payload: Payload,
  run: JobRun,
): Promise<{ outcome: 'remade' | 'moved' | 'failed' | 'superseded' }> {
  const attempt = await beginRemake(deps, payload)
  if (!attempt) return { outcome: 'superseded' }
  const { image, project } = attempt
  const prefix = variantPrefix(project.settings.visibility, image.projectId, image.id)
  let files: NewFiles | null = null
  try {
    if (attempt.isElsewhere) files = await copyFiles(deps, attempt, prefix)
    const moved = files !== null
    files ??= await renderFiles(deps, attempt, prefix)
    if (await swap(deps, attempt, payload, { files, moved })) return { outcome: moved ? 'moved' : 'remade' }
  } catch (error) {
    try {
      await loseRemake(deps, payload, error, run)
    } finally {
      await files?.discard()
    }
    return { outcome: 'failed' }
  }
  await files.discard()
  return { outcome: 'superseded' }
}

/** The new files instead of the old, if this attempt is still the one that may say so. */
async function swap(
  deps: Deps,
  attempt: RemakeAttempt,
  payload: Payload,
  { files, moved }: { files: NewFiles; moved: boolean },
): Promise<boolean> {
  const { projectId, imageId, requestId } = payload
  return deps.database.transaction(async tx => {
    const at = deps.clock.now()
    // Whoever changes the project holds its row first, too, and then this run.
    if (!(await tx.projects.hold(projectId))) return false
    const run = await tx.remakes.lock(projectId, payload.runId)
    if (!run || run.state === 'cancelled') return false
    const item = await tx.remakes.loadItem(payload)
    if (item?.state !== 'working') return false
    const current = await tx.images.load(projectId, imageId, { lock: true })
    if (current?.status !== 'ready') {
      await settleRemake(tx, run, { imageId, state: 'skipped', at, requestId })
      return false
    }
    if (current.attempt !== attempt.image.attempt) return false
    await files.record(tx, at)
    await announce(tx, { ...attempt.image, failure: null }, at)
    await retire(tx, current, payload, endOf(deps, current, attempt, at))
    if (!moved || isMadeBy(current, attempt.recipe))
      await settleRemake(tx, run, { imageId, state: 'done', at, requestId })
    else {
      // Where it is now, it is made anew as well.
      await tx.remakes.setItem(payload, { state: 'queued', losses: item.losses })
      await enqueueRemake(tx, payload)
    }
    return true
  })
}

/** What was public of a project that is private now goes at once; nobody needs a signature for it. */
function endOf(deps: Deps, { variants }: Image, { project }: RemakeAttempt, at: Date): Date {
  const wasPublic = variants.some(({ objectKey }) => visibilityOf(objectKey) === 'public')
  if (wasPublic && project.settings.visibility === 'private') return at
  return new Date(at.getTime() + LIVES_OF_A_URL * deps.signedUrlSeconds * 1_000)
}

async function retire(tx: Stores, old: Image, payload: Payload, until: Date): Promise<void> {
  if (old.variants.length === 0) return
  const { projectId, imageId, requestId } = payload
  const objectKeys = old.variants.map(variant => variant.objectKey)
  await tx.remakes.retire(projectId, objectKeys, until)
  const cause = `retired:${imageId}:${old.attempt}`
  const left = { projectId, imageId, objectKeys, storedBytes: weightOf(old.variants), cause, requestId }
  await tx.jobs.enqueue('remake.retire', left, { key: `remake.retire:${imageId}:${old.attempt}`, runAt: until })
}
