import { authorize, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { type Cdn, windowExpiry } from '../delivery/index.ts'
import type { VariantFormat } from '../rendering/index.ts'
import { imageNotReady } from './errors.ts'
import { getImage } from './get-image.ts'
import type { Image } from './image.ts'
import { negotiatedKey } from './negotiated-key.ts'

type Deps = { database: Database; cdn: Cdn; clock: Clock; signedUrlSeconds: number }

export interface SignedUrls {
  imageId: string
  downloadUrl: string
  expiresAt: Date
  variants: Record<string, Partial<Record<VariantFormat, string>>> | null
}

type Wanted = { variant: string; format: VariantFormat | null; includeVariants: boolean }

/** A signed, window-stable URL of a ready image. Rejects with `image_not_ready`, or `not_found` for an unknown variant or format. */
export async function signUrl(deps: Deps, ctx: Context, input: { imageId: string } & Wanted): Promise<SignedUrls> {
  const image = await getImage(deps, ctx, input)
  if (image.status !== 'ready') throw imageNotReady(image.status)
  const signed = signImage(deps, image, input)
  if (!signed) throw notFound()
  return signed
}

/** URLs for a page of images in one query. Duplicate ids collapse; what is unknown, foreign or not ready is `notFound`. */
export async function signUrls(
  deps: Deps,
  ctx: Context,
  input: { imageIds: readonly string[]; variant: string },
): Promise<{ items: SignedUrls[]; notFound: string[] }> {
  const ids = [...new Set(input.imageIds)]
  const found = await deps.database.images.findMany(ctx.actor.organizationId, ids)
  const { projectIds } = ctx.actor
  const reached = found.filter(image => projectIds === null || projectIds.includes(image.projectId))
  for (const image of reached) authorize(ctx.actor, image.projectId, 'image.read')
  const byId = new Map(reached.map(image => [image.id, image]))
  const items: SignedUrls[] = []
  const missing: string[] = []
  for (const id of ids) {
    const image = byId.get(id)
    const signed =
      image?.status === 'ready' ? signImage(deps, image, { ...input, format: null, includeVariants: false }) : null
    if (signed) items.push(signed)
    else missing.push(id)
  }
  return { items, notFound: missing }
}

function signImage(deps: Deps, image: Image, wanted: Wanted): SignedUrls | null {
  const expires = windowExpiry(deps.clock.now(), deps.signedUrlSeconds)
  const named = image.variants.filter(variant => variant.name === wanted.variant)
  const chosen = wanted.format === null ? named[0] : named.find(variant => variant.format === wanted.format)
  if (!chosen) return null
  const key = wanted.format === null ? negotiatedKey(deps.cdn, chosen, named) : chosen.objectKey
  const variants: SignedUrls['variants'] = wanted.includeVariants ? {} : null
  if (variants) {
    for (const { name, format, objectKey } of image.variants) {
      variants[name] = { ...variants[name], [format]: deps.cdn.sign(objectKey, expires) }
    }
  }
  return { imageId: image.id, downloadUrl: deps.cdn.sign(key, expires), expiresAt: new Date(expires * 1000), variants }
}
