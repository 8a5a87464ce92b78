import { type Actor, authorize, may, notFound } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { enqueuePurge } from './enqueue.ts'
import { imageConflict } from './errors.ts'
import type { Image } from './image.ts'
import { moveImage } from './move-image.ts'

type Deps = { database: Database; clock: Clock }

/** A concurrent move (a job that takes the image up) may win this often before the delete gives up. */
const MAX_ROUNDS = 5
/** Images deleted in one transaction. */
const BATCH = 100

function authorizeDelete(actor: Actor, image: Image): void {
  const own = image.uploadedBy.kind === actor.kind && image.uploadedBy.id === actor.id
  if (own && may(actor, image.projectId, 'image.delete_own')) return
  authorize(actor, image.projectId, 'image.delete')
}

async function deleteInTransaction(tx: Stores, image: Image, at: Date, requestId: string): Promise<boolean> {
  const moved = await moveImage(tx, image, 'deleted', { at, change: { deletedAt: at } })
  if (moved) await enqueuePurge(tx, moved, requestId)
  return moved !== null
}

/** Deletes one image; its bytes go in the background. Resolves with false when it was deleted already. */
export async function deleteImage(deps: Deps, ctx: Context, input: { imageId: string }): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorizeDelete(ctx.actor, image)
    if (image.status === 'deleted') return false
    if (await deps.database.transaction(tx => deleteInTransaction(tx, image, deps.clock.now(), ctx.requestId)))
      return true
  }
  throw imageConflict()
}

/** Deletes up to 1,000 images. Ids of nothing, or of somebody else's images, are answered as not found. */
export async function deleteImages(
  deps: Deps,
  ctx: Context,
  input: { imageIds: readonly string[] },
): Promise<{ accepted: string[]; notFound: string[] }> {
  const ids = [...new Set(input.imageIds)]
  const images = await deps.database.images.findMany(ctx.actor.organizationId, ids)
  const reachable = images.filter(
    image => ctx.actor.projectIds === null || ctx.actor.projectIds.includes(image.projectId),
  )
  for (const image of reachable) authorizeDelete(ctx.actor, image)
  // In one order, so that two callers who delete the same images never wait for each other.
  const inOrder = [...reachable].sort((left, right) => (left.id < right.id ? -1 : 1))
  for (let start = 0; start < inOrder.length; start += BATCH) {
    const missed = await deleteBatch(deps, inOrder.slice(start, start + BATCH), ctx.requestId)
    for (const image of missed) await deleteImage(deps, ctx, { imageId: image.id })
  }
  const known = new Set(reachable.map(image => image.id))
  return { accepted: ids.filter(id => known.has(id)), notFound: ids.filter(id => !known.has(id)) }
}

/** Deletes images in one transaction; resolves with those that somebody else moved at the same moment. */
function deleteBatch(deps: Deps, images: readonly Image[], requestId: string): Promise<Image[]> {
  const at = deps.clock.now()
  return deps.database.transaction(async tx => {
    const missed: Image[] = []
    for (const image of images) {
      if (image.status !== 'deleted' && !(await deleteInTransaction(tx, image, at, requestId))) missed.push(image)
    }
    return missed
  })
}
