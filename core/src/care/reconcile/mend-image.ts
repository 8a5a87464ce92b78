import type { Project } from '../../access/index.ts'
import type { BlobStore } from '../../blob-store.ts'
import type { Clock } from '../../clock.ts'
import type { Database, Stores } from '../../database.ts'
import {
  attemptFolder,
  type Image,
  originalGone,
  renderingFolder,
  type Variant,
  variantKey,
  variantPrefix,
} from '../../images/index.ts'
import type { JobPayload } from '../../jobs/index.ts'
import { type ImageProcessor, planRecipe, type Recipe } from '../../rendering/index.ts'
import type { WorkDirectory, Workspace } from '../../workspace.ts'

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
 * The job `image.mend`: makes the variants of a ready image anew, in a folder of their own, and puts them in the place of the old ones
 * in one transaction; until then those that are there are delivered. What a killed attempt stored belongs to nothing, and the sweep
 * removes it, as it does the old ones. Resolves with false when there is nothing to do any more.
 */
export async function mendImage(deps: Deps, payload: JobPayload<'image.mend'>): Promise<boolean> {
  const project = await deps.database.projects.load(payload.projectId)
  const image = project && (await takeUp(deps, payload))
  if (!image) return false
  const recipe = planRecipe(project.settings.variants, deps.processor.version)
  const variants = await deps.workspace.use(directory => renderAndStore(deps, { image, project, recipe }, directory))
  return replace(deps, image, recipe, variants)
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

async function renderAndStore(
  deps: Deps,
  { image, project, recipe }: { image: Image; project: Project; recipe: Recipe },
  directory: WorkDirectory,
): Promise<Variant[]> {
  const { projectId, originalKey } = image
  const source = directory.path('original')
  const by = { projectId, purpose: 'original' as const }
  if (originalKey === null || !(await deps.blobs.fetchToFile(originalKey, source, by))) throw originalGone()
  const outputDirectory = await directory.makeDirectory('variants')
  const { limits, visibility } = project.settings
  const request = { source, declaredType: image.declaredType, limits, recipe, outputDirectory }
  const result = await deps.processor.render(request)
  const folder = renderingFolder(attemptFolder(recipe.id, image.attempt), result.animated)
  const variants: Variant[] = []
  for (const { path, ...rendered } of result.variants) {
    const prefix = variantPrefix(visibility, projectId, image.id)
    const objectKey = variantKey(prefix, folder, rendered.name, rendered.format)
    await deps.blobs.putFile(objectKey, path, rendered.contentType, { projectId, purpose: 'variant' })
    variants.push({ ...rendered, objectKey })
  }
  return variants
}

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

const weightOf = (variants: readonly Variant[]): number => variants.reduce((sum, variant) => sum + variant.sizeBytes, 0)
