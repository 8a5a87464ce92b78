import { authorize, notFound } from '../access/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { imageNotReady } from './errors.ts'
import type { Image, Variant } from './image.ts'
import type { ImageAddress, ImageVersion } from './image-store.ts'

/** One image of the caller's organisation, deleted ones included until they are purged. */
export async function getImage(deps: { database: Database }, ctx: Context, input: { imageId: string }): Promise<Image> {
  const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
  if (!image) throw notFound()
  authorize(ctx.actor, image.projectId, 'image.read')
  return image
}

/** The version of an image that the caller may read: it is the same as long as everything that `getImage` answers is. */
export async function getImageVersion(
  deps: { findVersion: (address: ImageAddress) => Promise<ImageVersion | null> },
  ctx: Context,
  input: { imageId: string },
): Promise<ImageVersion> {
  const found = await deps.findVersion({ organizationId: ctx.actor.organizationId, imageId: input.imageId })
  if (!found) throw notFound()
  authorize(ctx.actor, found.projectId, 'image.read')
  return found
}

/** The variants of this name, of a ready image. Rejects with `image_not_ready`, or `not_found` for an unknown name. */
export async function getVariants(
  deps: { database: Database },
  ctx: Context,
  input: { imageId: string; variant: string },
): Promise<{ image: Image; variants: readonly Variant[] }> {
  const image = await getImage(deps, ctx, input)
  if (image.status !== 'ready') throw imageNotReady(image.status)
  const variants = image.variants.filter(variant => variant.name === input.variant)
  if (variants.length === 0) throw notFound()
  return { image, variants }
}
