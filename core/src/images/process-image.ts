import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { JobPayload, JobRun } from '../jobs/index.ts'
import { type ImageProcessor, planRecipe, type Recipe, type RenderResult } from '../rendering/index.ts'
import type { Workspace } from '../workspace.ts'
import { type Attempt, beginAttempt, loseAttempt } from './attempt.ts'
import { enqueueProcessing } from './enqueue.ts'
import { VISIBILITY_CHANGED } from './explain-steps.ts'
import { type Image, type Variant, weightOf } from './image.ts'
import { attemptFolder, variantPrefix } from './keys.ts'
import { moveImage } from './move-image.ts'
import { removeUnwanted, renderAndStore } from './render-attempt.ts'
import { requestAnalysis } from './request-analysis.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; processor: ImageProcessor; workspace: Workspace }

/** What came out of an attempt, for the log. */
export interface ProcessedImage {
  outcome: 'ready' | 'failed' | 'superseded'
  timings?: RenderResult['timings']
}

/**
 * The job `image.process`: original to a local file, engine, variants to immutable keys, then one transaction to `ready`. Safe to run
 * again after a kill at any line. Rejects only where the queue should try again later.
 */
export async function processImage(
  deps: Deps,
  payload: JobPayload<'image.process'>,
  run: JobRun,
): Promise<ProcessedImage> {
  const attempt = await beginAttempt(deps, payload.projectId, payload.imageId)
  if (!attempt) return { outcome: 'superseded' }
  const recipe = planRecipe(attempt.project.settings.variants, deps.processor.version)
  const prefix = variantPrefix(attempt.project.settings.visibility, attempt.image.projectId, attempt.image.id)
  try {
    const rendered = await deps.workspace.use(directory => renderAndStore(deps, attempt, directory, recipe, prefix))
    if (await finish(deps, attempt, recipe, { ...rendered, requestId: payload.requestId }))
      return { outcome: 'ready', timings: rendered.result.timings }
  } catch (error) {
    try {
      await loseAttempt(deps, attempt, error, run, payload.requestId)
    } finally {
      await removeUnwanted(deps, attempt.image, recipe, prefix)
    }
    return { outcome: 'failed' }
  }
  await removeUnwanted(deps, attempt.image, recipe, prefix)
  return { outcome: 'superseded' }
}

/** `ready`, if this attempt is still the one that may say so. */
async function finish(
  deps: Deps,
  { image, project }: Attempt,
  recipe: Recipe,
  { result, variants, requestId }: { result: RenderResult; variants: readonly Variant[]; requestId: string },
): Promise<boolean> {
  const { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes } = result
  const found = { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes }
  const change = { ...found, failure: null, lostAttempts: 0 }
  return deps.database.transaction(async tx => {
    const { projectId } = image
    const at = deps.clock.now()
    const now = await tx.projects.hold(projectId)
    if (now && now.settings.visibility !== project.settings.visibility) return giveBack(tx, image, at, requestId)
    const moved = await moveImage(tx, image, 'ready', { at, attempt: image.attempt, change })
    if (!moved) return false
    await requestAnalysis(tx, moved, { at, requestId })
    await tx.images.setVariants({ projectId, imageId: image.id }, recipe.id, variants)
    const storedBytes = weightOf(variants)
    const cause = `variants:${image.id}:${attemptFolder(recipe.id, image.attempt)}`
    await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes }])
    return true
  })
}

/** Its files would lie where they do not belong any more: another attempt makes them where they do. */
async function giveBack(tx: Stores, image: Image, at: Date, requestId: string): Promise<false> {
  const given = await moveImage(tx, image, 'uploaded', { at, attempt: image.attempt, detail: VISIBILITY_CHANGED })
  if (given) await enqueueProcessing(tx, given, requestId)
  return false
}
