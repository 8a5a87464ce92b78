import { findProject } from '../access/index.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import type { Image } from '../images/index.ts'
import { checkEntity, type EntityKey } from './entity.ts'
import type { Gallery, GalleryEntry } from './gallery-store.ts'

export interface GalleryView extends EntityKey {
  /** What was chosen, or else the first picture; null when there is none. */
  primaryImageId: string | null
  items: ReadonlyArray<GalleryEntry & { image: Image }>
}

/** A gallery in its order, deleted images left out. One that was never filled is empty. */
export async function getGallery(
  deps: { database: Database },
  ctx: Context,
  input: Omit<EntityKey, 'projectId'> & { projectId: string | null },
): Promise<GalleryView> {
  checkEntity(input)
  const { projects, galleries } = deps.database
  const project = await findProject({ projects }, ctx, { projectId: input.projectId, action: 'image.read' })
  const entity = { projectId: project.id, type: input.type, entityId: input.entityId }
  const gallery = await galleries.find(entity)
  if (!gallery) return { ...entity, primaryImageId: null, items: [] }
  return viewGallery(deps.database, project.organizationId, gallery)
}

/** The gallery as it is shown to whoever may see it. */
export async function viewGallery(
  database: Pick<Database, 'galleries' | 'images'>,
  organizationId: string,
  gallery: Gallery,
): Promise<GalleryView> {
  const { projectId, type, entityId } = gallery
  const entries = await database.galleries.listEntries(projectId, gallery.id)
  const images = await database.images.findMany(
    organizationId,
    entries.map(entry => entry.imageId),
  )
  const shown = new Map(
    images.filter(image => image.projectId === projectId && image.status !== 'deleted').map(image => [image.id, image]),
  )
  const items = entries.flatMap(entry => {
    const image = shown.get(entry.imageId)
    return image ? [{ ...entry, image }] : []
  })
  const chosen = items.find(item => item.imageId === gallery.primaryImageId)
  return { projectId, type, entityId, primaryImageId: (chosen ?? items[0])?.imageId ?? null, items }
}
