import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { JobPayload, JobRun } from '../jobs/index.ts'
import type { ImageProcessor, RenderResult } from '../rendering/index.ts'
import type { Workspace } from '../workspace.ts'
import { type Image, type Variant, weightOf } from './image.ts'
import { attemptFolder, variantPrefix } from './keys.ts'
import { announce } from './move-image.ts'
import { beginRemake, loseRemake, type RemakeAttempt } from './remake-attempt.ts'
import { settleRemake } from './remake-progress.ts'
import { removeUnwanted, renderAndStore } from './render-attempt.ts'

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
 * The job `image.remake`: the variants of a ready image anew, served once all of them are there; the old ones stay until no URL that was
 * signed for them is good any more. Safe to run again after a kill at any line. Rejects only where the queue should try again later.
 */
export async function remakeImage(
  deps: Deps,
  payload: Payload,
  run: JobRun,
): Promise<{ outcome: 'remade' | 'failed' | 'superseded' }> {
  const attempt = await beginRemake(deps, payload)
  if (!attempt) return { outcome: 'superseded' }
  const { image, project, recipe } = attempt
  const prefix = variantPrefix(project.settings.visibility, image.projectId, image.id)
  try {
    const { result, variants } = await deps.workspace.use(directory =>
      renderAndStore(deps, attempt, directory, recipe, prefix),
    )
    if (await swap(deps, attempt, payload, result, variants)) return { outcome: 'remade' }
  } catch (error) {
    try {
      await loseRemake(deps, payload, error, run)
    } finally {
      await removeUnwanted(deps, image, recipe, prefix)
    }
    return { outcome: 'failed' }
  }
  await removeUnwanted(deps, image, recipe, prefix)
  return { outcome: 'superseded' }
}

/** The new variants instead of the old, if this attempt is still the one that may say so. */
async function swap(
  deps: Deps,
  attempt: RemakeAttempt,
  payload: Payload,
  result: RenderResult,
  variants: readonly Variant[],
): Promise<boolean> {
  const { projectId, imageId, requestId } = payload
  return deps.database.transaction(async tx => {
    const at = deps.clock.now()
    const run = await tx.remakes.lock(projectId, payload.runId)
    if (!run || run.state === 'cancelled') return false
    if ((await tx.remakes.loadItem(payload))?.state !== 'working') return false
    const current = await tx.images.load(projectId, imageId, { lock: true })
    if (current?.status !== 'ready') {
      await settleRemake(tx, run, { imageId, state: 'skipped', at, requestId })
      return false
    }
    if (current.attempt !== attempt.image.attempt) return false
    await record(tx, attempt, result, variants, at)
    await retire(tx, current, payload, new Date(at.getTime() + LIVES_OF_A_URL * deps.signedUrlSeconds * 1_000))
    await settleRemake(tx, run, { imageId, state: 'done', at, requestId })
    return true
  })
}

async function record(
  tx: Stores,
  { image, recipe }: RemakeAttempt,
  { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes }: RenderResult,
  variants: readonly Variant[],
  at: Date,
): Promise<void> {
  const { projectId, id: imageId } = image
  const found = { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes }
  await tx.images.update({ projectId, imageId, status: 'ready' }, found)
  await tx.images.setVariants({ projectId, imageId }, recipe.id, variants)
  await tx.remakes.noteRemade(projectId, imageId, at, `variants remade by recipe ${recipe.id}`)
  const storedBytes = weightOf(variants)
  const cause = `variants:${imageId}:${attemptFolder(recipe.id, image.attempt)}`
  await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes }])
  await announce(tx, { ...image, failure: null }, at)
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
