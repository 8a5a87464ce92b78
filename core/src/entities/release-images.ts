import type { Project } from '../access/index.ts'
import type { Stores } from '../database.ts'
import { type DeletedBy, deleteInTransaction, type Image } from '../images/index.ts'

/** Images of a project by id, their rows locked in one order, so that two callers never wait for each other. */
export async function lockImages(
  tx: Pick<Stores, 'images'>,
  projectId: string,
  imageIds: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  const images = new Map<string, Image>()
  for (const id of [...new Set(imageIds)].sort()) {
    const image = await tx.images.load(projectId, id, { lock: true })
    if (image) images.set(id, image)
  }
  return images
}

/**
 * Deletes those of these images that no slot and no gallery (besides one) holds any more; the caller has locked them and written what it
 * gave up. Whoever takes an image into a slot or gallery locks it too, so that it cannot be taken while it goes.
 */
export async function releaseImages(
  tx: Stores,
  project: Project,
  images: readonly Image[],
  by: DeletedBy,
  besides: string | null = null,
): Promise<ReadonlySet<string>> {
  const living = images.filter(image => image.status !== 'deleted')
  if (living.length === 0) return new Set()
  const ids = living.map(image => image.id)
  const inSlots = await tx.slots.findHeld(project.id, ids)
  const inGalleries = await tx.galleries.findHeld(project.id, ids, besides)
  const free = living.filter(({ id }) => !inSlots.has(id) && !inGalleries.has(id))
  return free.length === 0 ? new Set() : deleteInTransaction(tx, project, free, by)
}
