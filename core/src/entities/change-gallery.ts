import { findProject, notFound, type Project } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { findShown } from './add-to-gallery.ts'
import { checkCaption, checkEntity, type EntityKey } from './entity.ts'
import { galleryMismatch } from './errors.ts'
import type { Gallery } from './gallery-store.ts'
import { lockImages, releaseImages } from './release-images.ts'

type Deps = { database: Database; clock: Clock }
type Address = Omit<EntityKey, 'projectId'> & { projectId: string | null }

/** Everything that changes a gallery holds its row, so that two who change it come one after the other. */
async function change(
  deps: Deps,
  ctx: Context,
  address: Address,
  work: (tx: Stores, gallery: Gallery, project: Project) => Promise<void>,
): Promise<void> {
  checkEntity(address)
  const { projects } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: address.projectId, action: 'image.write' })
  await deps.database.transaction(async tx => {
    const { type, entityId } = address
    const gallery = await tx.galleries.lock({ projectId: project.id, type, entityId })
    if (!gallery) throw notFound()
    await work(tx, gallery, project)
  })
}

async function listShown(tx: Stores, { projectId, id }: Gallery) {
  const ids = (await tx.galleries.listEntries(projectId, id)).map(entry => entry.imageId)
  const shown = await findShown(tx, projectId, ids)
  return { shown: ids.filter(imageId => shown.has(imageId)), hidden: ids.filter(imageId => !shown.has(imageId)) }
}

async function requireShown(tx: Stores, gallery: Gallery, imageId: string): Promise<void> {
  const { shown } = await listShown(tx, gallery)
  if (!shown.includes(imageId)) throw notFound()
}

/** `PUT …/gallery/order`: the whole new order. Rejects with `gallery_mismatch` and the difference when it is not exactly what is there. */
export function orderGallery(
  deps: Deps,
  ctx: Context,
  input: Address & { imageIds: readonly string[] },
): Promise<void> {
  return change(deps, ctx, input, async (tx, gallery) => {
    const { shown, hidden } = await listShown(tx, gallery)
    const given = new Set(input.imageIds)
    const missing = shown.filter(id => !given.has(id))
    const unknown = [...given].filter(id => !shown.includes(id))
    if (missing.length > 0 || unknown.length > 0 || given.size !== input.imageIds.length)
      throw galleryMismatch(missing, unknown)
    // Deleted ones wait at the end for their restore.
    await tx.galleries.setOrder(gallery.projectId, gallery.id, [...input.imageIds, ...hidden])
  })
}

/** `PUT …/gallery/primary`: the picture that stands for the gallery. */
export function setPrimary(deps: Deps, ctx: Context, input: Address & { imageId: string }): Promise<void> {
  return change(deps, ctx, input, async (tx, gallery) => {
    await requireShown(tx, gallery, input.imageId)
    await tx.galleries.setPrimary(gallery.projectId, gallery.id, input.imageId)
  })
}

/** `PATCH …/gallery/{image_id}`: null takes the caption away. */
export async function captionImage(
  deps: Deps,
  ctx: Context,
  input: Address & { imageId: string; caption: string | null },
): Promise<void> {
  const caption = checkCaption(input.caption)
  await change(deps, ctx, input, async (tx, gallery) => {
    await requireShown(tx, gallery, input.imageId)
    await tx.galleries.setCaption(gallery.projectId, gallery.id, input.imageId, caption)
  })
}

/**
 * `DELETE …/gallery/{image_id}`: deletes the image, which comes back to its place when it is restored; one that a slot or another gallery
 * holds stays there and leaves this gallery alone. Rejects with `not_found` when it is not in the gallery.
 */
export function removeFromGallery(deps: Deps, ctx: Context, input: Address & { imageId: string }): Promise<void> {
  return change(deps, ctx, input, async (tx, gallery, project) => {
    const { projectId, id } = gallery
    const entries = await tx.galleries.listEntries(projectId, id)
    if (!entries.some(entry => entry.imageId === input.imageId)) throw notFound()
    const image = (await lockImages(tx, projectId, [input.imageId])).get(input.imageId)
    if (!image || image.status === 'deleted') throw notFound()
    const by = { ...ctx, at: deps.clock.now() }
    const deleted = await releaseImages(tx, project, [image], by, id)
    if (!deleted.has(image.id)) await tx.galleries.removeEntry(projectId, id, image.id)
  })
}
