import type { BlobStore } from '../blob-store.ts'
import type { Database, Stores } from '../database.ts'
import { DomainError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { ImageProcessor } from '../rendering/index.ts'
import type { Workspace } from '../workspace.ts'
import { copyObject } from './copy-object.ts'
import { imageConflict } from './errors.ts'
import { weightOf } from './image.ts'
import { attemptFolder, movedKey, visibilityOf } from './keys.ts'
import type { RemakeAttempt } from './remake-attempt.ts'
import { removeUnwanted, renderAndStore } from './render-attempt.ts'

type Deps = { database: Database; blobs: BlobStore; processor: ImageProcessor; workspace: Workspace }

/** New files of a ready image that nothing refers to yet. */
export interface NewFiles {
  /** Puts them in the place of those that the image has, whose row the caller holds; weighs them, and adds a line to the history. */
  record(tx: Stores, at: Date): Promise<void>
  /** Removes them unless they were recorded after all. Bytes that would not go now are the sweep's. */
  discard(): Promise<void>
}

/** All variants anew from the original. */
export async function renderFiles(deps: Deps, attempt: RemakeAttempt, prefix: string): Promise<NewFiles> {
  const { image, recipe } = attempt
  const { projectId, id: imageId } = image
  const discard = () => removeUnwanted(deps, image, recipe, prefix)
  const { result, variants } = await deps.workspace
    .use(directory => renderAndStore(deps, attempt, directory, recipe, prefix))
    .catch(async (error: unknown) => {
      await discard()
      throw error
    })
  const { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes } = result
  const found = { contentType, width, height, animated, metadata, placeholder, perceptualHash, notes }
  return {
    discard,
    record: async (tx, at) => {
      await tx.images.update({ projectId, imageId, status: 'ready' }, found)
      await tx.images.setVariants({ projectId, imageId }, recipe.id, variants)
      await tx.remakes.noteRemade(projectId, imageId, at, `variants remade by recipe ${recipe.id}`)
      const cause = `variants:${imageId}:${attemptFolder(recipe.id, image.attempt)}`
      await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes: weightOf(variants) }])
    },
  }
}

/** The variants as they are, below another prefix. Null when storage does not hold them all any more. */
export async function copyFiles(deps: Deps, { image }: RemakeAttempt, prefix: string): Promise<NewFiles | null> {
  const { projectId, id: imageId } = image
  const token = newId()
  const renamed = image.variants.map(({ objectKey: from }) => ({ from, to: movedKey(from, prefix, token) }))
  const discard = () => removeCopies(deps, image, new Set(renamed.map(({ to }) => to)))
  try {
    for (const { objectKey, contentType } of image.variants) {
      const to = { key: movedKey(objectKey, prefix, token), projectId }
      const order = { from: { key: objectKey, projectId }, to, contentType, purpose: 'variant' } as const
      if (await copyObject(deps, order)) continue
      await discard()
      return null
    }
  } catch (error) {
    await discard()
    throw error
  }
  return {
    discard,
    record: async (tx, at) => {
      const detail = `variants moved to ${visibilityOf(prefix)}`
      const { originalKey } = image
      const moved = await tx.images.reassign({
        ...{ image, toProjectId: projectId, originalKey, renamed },
        change: {},
        at,
        detail,
      })
      if (!moved) throw imageConflict()
      const cause = `variants:${imageId}:${token}`
      await tx.usage.record([{ projectId, cause, purpose: 'variant', storedBytes: weightOf(image.variants) }])
    },
  }
}

async function removeCopies(
  deps: Deps,
  { projectId, id }: RemakeAttempt['image'],
  keys: ReadonlySet<string>,
): Promise<void> {
  try {
    const image = await deps.database.images.load(projectId, id)
    if (image?.variants.some(({ objectKey }) => keys.has(objectKey))) return
    await deps.blobs.remove([...keys], { projectId, purpose: 'variant' })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
}
