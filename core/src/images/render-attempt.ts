import type { BlobStore } from '../blob-store.ts'
import type { Database } from '../database.ts'
import { DomainError } from '../errors.ts'
import type { ImageProcessor, Recipe, RenderRequest, RenderResult } from '../rendering/index.ts'
import type { WorkDirectory } from '../workspace.ts'
import { adoptHash } from './adopt-hash.ts'
import type { Attempt } from './attempt.ts'
import { checksumMismatch, originalGone, storageUnavailable } from './errors.ts'
import type { Image, Variant } from './image.ts'
import { attemptFolder, renderingFolder, variantKey } from './keys.ts'
import { removePrefix } from './purge-image.ts'

type Deps = { database: Database; blobs: BlobStore; processor: ImageProcessor }

/** The original to a local file, the engine, and the variants to the folder of this attempt below the prefix; nothing is recorded yet. */
export async function renderAndStore(
  deps: Deps,
  attempt: Attempt,
  directory: WorkDirectory,
  recipe: Recipe,
  prefix: string,
) {
  const image = await bringOriginal(deps, attempt.image, directory)
  const { limits } = attempt.project.settings
  const request = { source: directory.path('original'), declaredType: image.declaredType, limits, recipe }
  const result = await renderWithRetry(deps.processor, request, directory)
  const variants: Variant[] = []
  for (const { path, ...rendered } of result.variants) {
    const folder = renderingFolder(attemptFolder(recipe.id, image.attempt), result.animated)
    const objectKey = variantKey(prefix, folder, rendered.name, rendered.format)
    await deps.blobs.putFile(objectKey, path, rendered.contentType, { projectId: image.projectId, purpose: 'variant' })
    variants.push({ ...rendered, objectKey })
  }
  return { result, variants }
}

/** Fetches the original; bytes that nobody could hash before are hashed now and checked against what was announced. */
async function bringOriginal(deps: Deps, image: Image, directory: WorkDirectory): Promise<Image> {
  const { projectId, originalKey } = image
  if (originalKey === null) throw originalGone()
  const found = await deps.blobs.fetchToFile(originalKey, directory.path('original'), {
    projectId,
    purpose: 'original',
  })
  if (!found) throw storageUnavailable(new Error('the original is not there'))
  if (image.sha256 !== null) return image
  const { sha256, sizeBytes } = await directory.hash('original')
  if (image.declaredSha256 !== null && image.declaredSha256 !== sha256) throw checksumMismatch()
  await adoptHash(deps, image, { objectKey: originalKey, sha256, sizeBytes })
  return { ...image, sha256 }
}

/** An attempt that the engine lost is repeated once at once (requirement O4). */
async function renderWithRetry(
  processor: ImageProcessor,
  request: Omit<RenderRequest, 'outputDirectory'>,
  directory: WorkDirectory,
): Promise<RenderResult> {
  try {
    return await processor.render({ ...request, outputDirectory: await directory.makeDirectory('variants') })
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'processing') throw error
    return processor.render({ ...request, outputDirectory: await directory.makeDirectory('variants-again') })
  }
}

/**
 * What an attempt stored and did not record belongs to nothing, whatever has become of the image. The folder is this attempt's alone, so
 * that nothing of a later one is touched. Bytes that would not go now are the sweep's.
 */
export async function removeUnwanted(
  deps: Omit<Deps, 'processor'>,
  attempted: Image,
  recipe: Recipe,
  prefix: string,
): Promise<void> {
  const own = attemptFolder(recipe.id, attempted.attempt)
  const folders = [false, true].map(animated => `${prefix}${renderingFolder(own, animated)}/`)
  const isOwn = (key: string) => folders.some(folder => key.startsWith(folder))
  try {
    const image = await deps.database.images.load(attempted.projectId, attempted.id)
    // It was recorded after all, and only the answer was lost.
    if (image?.variants.some(variant => isOwn(variant.objectKey))) return
    await removePrefix(deps, `${prefix}${own}`, attempted.projectId, isOwn)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}
