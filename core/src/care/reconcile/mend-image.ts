import type { BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Stores } from '../../database.ts'
import {
  attemptFolder,
  type Image,
  removeUnwanted,
  renderAndStore,
  type Variant,
  variantPrefix,
  visibilityOf,
  weightOf,
} from '../../images/index.ts'
import type { JobPayload } from '../../jobs/index.ts'
import { type ImageProcessor, planRecipe, type Recipe } from '../../rendering/index.ts'
import type { Workspace } from '../../workspace.ts'

type Deps = { database: Database; blobs: BlobStore; clock: Clock; processor: ImageProcessor; workspace: Workspace }

/** One such job of an image, however many of its variants are lost. */
export const enqueueMend = (
  tx: Pick<Stores, 'jobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
  requestId: string,
): Promise<void> =>
  tx.jobs.enqueue(
    'image.mend',
    { projectId: image.projectId, imageId: image.id, requestId },
    { key: `image.mend:${image.id}` },
  )

/**
 * The job `image.mend`: makes the variants of a ready image anew, in a folder of their own beside the old ones, and puts them in their
 * place in one transaction; until then those that are there are delivered. The sweep removes the old ones, and what a killed attempt
 * stored. Resolves with false when there is nothing to do any more.
 */
export async function mendImage(deps: Deps, payload: JobPayload<'image.mend'>): Promise<boolean> {
  const project = await deps.database.projects.load(payload.projectId)
  const image = project && (await takeUp(deps, payload))
  if (!image) return false
  const recipe = planRecipe(project.settings.variants, deps.processor.version)
  // Where the old ones are, whatever the project says by now: to move them is the work of a remake.
  const prefix = variantPrefix(visibilityOf(image.variants[0]?.objectKey ?? ''), image.projectId, image.id)
  let mended = false
  try {
    const { variants } = await deps.workspace.use(directory =>
      renderAndStore(deps, { image, project }, directory, recipe, prefix),
    )
    mended = await replace(deps, image, recipe, variants)
    return mended
  } finally {
    if (!mended) await removeUnwanted(deps, image, recipe, prefix)
  }
}

/** A number of its own, under which its results are written. */
const takeUp = (deps: Deps, { projectId, imageId }: JobPayload<'image.mend'>): Promise<Image | null> =>
  deps.database.transaction(async tx => {
    const image = await tx.images.load(projectId, imageId, { lock: true })
    if (image?.status !== 'ready') return null
    const attempt = image.attempt + 1
    await tx.images.update({ projectId, imageId, status: 'ready' }, { attempt })
    return { ...image, attempt }
  })

const replace = (deps: Deps, image: Image, recipe: Recipe, variants: readonly Variant[]): Promise<boolean> =>
  deps.database.transaction(async tx => {
    const { projectId, id: imageId } = image
    const current = await tx.images.load(projectId, imageId, { lock: true })
    if (current?.status !== 'ready' || current.attempt !== image.attempt) return false
    await tx.images.setVariants({ projectId, imageId }, recipe.id, variants)
    const storedBytes = weightOf(variants) - weightOf(current.variants)
    const cause = `mended:${imageId}:${attemptFolder(recipe.id, image.attempt)}`
    await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes }])
    await tx.reconcile.noteHistory(
      { projectId, imageId },
      `variants made again in attempt ${image.attempt}`,
      deps.clock.now(),
    )
    return true
  })
