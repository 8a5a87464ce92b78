import { type Actor, authorize, may, notFound, type Project } from '../access/index.ts'
import { type AuditAction, type AuditNote, type Doer, noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { enqueueTombstones, enqueueWithdrawal } from './enqueue.ts'
import { imageConflict } from './errors.ts'
import type { Image } from './image.ts'
import { statusEvent } from './move-image.ts'
import { purgeTime } from './retention.ts'
import { tellWebhooks } from './tell-webhooks.ts'

type Deps = { database: Database; clock: Clock }

/** Who deletes, when, and why where that is not plain. */
export type DeletedBy = Doer & { at: Date; why?: string }

/** A concurrent move (a job that takes the image up) may win this often before the delete gives up. */
const MAX_ROUNDS = 5
/** Images deleted in one transaction. */
const BATCH = 100

/** Who may delete an image may restore it. */
export function authorizeDelete(actor: Actor, image: Image): void {
  const own = image.uploadedBy.kind === actor.kind && image.uploadedBy.id === actor.id
  if (own && may(actor, image.projectId, 'image.delete_own')) return
  authorize(actor, image.projectId, 'image.delete')
}

/**
 * Deletes images of one project inside the caller's transaction: their bytes stay until the retention is over, except public variants,
 * which nobody may fetch any more. The audit log tells of each. Resolves with the ids of those that were not moved by somebody else meanwhile.
 */
export async function deleteInTransaction(
  tx: Stores,
  project: Project,
  images: readonly Image[],
  by: DeletedBy,
): Promise<ReadonlySet<string>> {
  const purgeAt = purgeTime(by.at, project.settings.retentionDays)
  const projectId = project.id
  const deletions = images.map(image => ({ projectId, imageId: image.id, from: image.status, purgeAt }))
  const deleted = await tx.images.tombstone(deletions, by.at)
  const ids = new Set(deleted.map(each => each.imageId))
  if (ids.size === 0) return ids
  const gone = images.filter(image => ids.has(image.id))
  await tx.events.appendMany(gone.map(image => statusEvent({ ...image, status: 'deleted' }, by.at)))
  const moves = gone.map(image => ({ from: image.status, image: { ...image, status: 'deleted' as const } }))
  await tellWebhooks(tx, moves, by.at)
  await noteAudit(tx, by, ...gone.map(image => noteOf('image.deleted', image, by.at, by.why)))
  await enqueueTombstones(tx, { projectId, imageIds: [...ids], requestId: by.requestId }, purgeAt)
  await withdraw(tx, project, deleted, by.requestId)
  return ids
}

/** The rows go here, so that a restore knows that there is nothing to show; the objects are removed by a job. */
async function withdraw(
  tx: Stores,
  { id: projectId, settings }: Project,
  deleted: ReadonlyArray<{ imageId: string; attempt: number }>,
  requestId: string,
): Promise<void> {
  const attempts = new Map(deleted.map(({ imageId, attempt }) => [imageId, attempt]))
  const weights = await tx.images.withdrawVariants(projectId, [...attempts.keys()])
  await tx.usage.record(
    weights.map(({ imageId, sizeBytes }) => ({
      ...{ projectId, cause: `withdrawn:${imageId}:${attempts.get(imageId)}`, purpose: 'variant' },
      storedBytes: -sizeBytes,
    })),
  )
  // Nothing was ever made of an image that no attempt was given; in a private project only what did not move yet is public.
  const mayBePublic = (each: { attempt: number }) => settings.visibility === 'public' && each.attempt > 0
  const images = deleted.filter(each => mayBePublic(each) || weights.some(weight => weight.imageId === each.imageId))
  if (images.length > 0) await enqueueWithdrawal(tx, { projectId, images, requestId })
}

/** Deletes one image, which can be restored until it is purged. Resolves with false when it was deleted already. */
export async function deleteImage(deps: Deps, ctx: Context, input: { imageId: string }): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const image = await deps.database.images.find(ctx.actor.organizationId, input.imageId)
    if (!image) throw notFound()
    authorizeDelete(ctx.actor, image)
    if (image.status === 'deleted') return false
    const missed = await deleteBatch(deps, [image], ctx)
    if (missed.length === 0) return true
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
  // By project, and in one order, so that two callers who delete the same images never wait for each other.
  const inOrder = reachable.filter(image => image.status !== 'deleted').sort(byProjectAndId)
  for (let start = 0; start < inOrder.length; start += BATCH) {
    const missed = await deleteBatch(deps, inOrder.slice(start, start + BATCH), ctx)
    for (const image of missed) await deleteImage(deps, ctx, { imageId: image.id })
  }
  const known = new Set(reachable.map(image => image.id))
  return { accepted: ids.filter(id => known.has(id)), notFound: ids.filter(id => !known.has(id)) }
}

const sortKey = (image: Image): string => `${image.projectId} ${image.id}`
const byProjectAndId = (left: Image, right: Image): number => (sortKey(left) < sortKey(right) ? -1 : 1)

/** What the audit log tells of an image. */
export const noteOf = (
  action: Extract<AuditAction, `image.${string}`>,
  { id, projectId }: Pick<Image, 'id' | 'projectId'>,
  at: Date,
  why?: string,
): AuditNote => {
  const detail = `Image ${id} was ${action.slice(6)}${why === undefined ? '' : `: ${why}`}.`
  return { action, at, projectId, subject: id, detail }
}

/** Deletes images in one transaction; resolves with those that somebody else moved at the same moment. */
async function deleteBatch(deps: Deps, images: readonly Image[], ctx: Context): Promise<Image[]> {
  const projects: Project[] = []
  for (const projectId of new Set(images.map(image => image.projectId))) {
    const project = await deps.database.projects.load(projectId)
    if (!project) throw notFound()
    projects.push(project)
  }
  const at = deps.clock.now()
  return deps.database.transaction(async tx => {
    const missed: Image[] = []
    for (const project of projects) {
      const own = images.filter(image => image.projectId === project.id)
      const deleted = await deleteInTransaction(tx, project, own, { ...ctx, at })
      missed.push(...own.filter(image => !deleted.has(image.id)))
    }
    return missed
  })
}
