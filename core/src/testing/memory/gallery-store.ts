import type { EntityKey, Gallery, GalleryEntry, GalleryStore } from '../../entities/index.ts'
import { copyOf } from './copy-of.ts'
import type { StateAccess } from './state.ts'

/** Galleries in memory; locks are free, because transactions run one at a time. */
export function memoryGalleryStore(state: StateAccess): GalleryStore {
  const get = ({ projectId, type, entityId }: EntityKey): Gallery | undefined =>
    [...state().galleries.values()].find(
      each => each.projectId === projectId && each.type === type && each.entityId === entityId,
    )
  const own = (projectId: string, id: string): Gallery | null => {
    const gallery = state().galleries.get(id)
    return gallery?.projectId === projectId ? gallery : null
  }
  /** Entries go with the records of their images. */
  const entries = (projectId: string, id: string): GalleryEntry[] =>
    own(projectId, id) ? (state().galleryEntries.get(id) ?? []).filter(each => state().images.has(each.imageId)) : []
  const put = (id: string, changed: GalleryEntry[]) => state().galleryEntries.set(id, copyOf(changed))
  const read = (gallery: Gallery | null | undefined): Gallery | null => {
    if (!gallery) return null
    const { primaryImageId } = gallery
    const there = primaryImageId !== null && state().images.has(primaryImageId)
    return copyOf({ ...gallery, primaryImageId: there ? primaryImageId : null })
  }
  return {
    find: async entity => read(get(entity)),
    load: async (projectId, id) => read(own(projectId, id)),
    open: async ({ projectId, type, entityId }, id) => {
      const made = { projectId, type, entityId, id, primaryImageId: null }
      const gallery = get(made) ?? made
      state().galleries.set(gallery.id, gallery)
      return read(gallery) ?? made
    },
    lock: async entity => read(get(entity)),
    setPrimary: async (projectId, id, imageId) => {
      const gallery = own(projectId, id)
      if (gallery) gallery.primaryImageId = imageId
    },
    listEntries: async (projectId, id) => copyOf(entries(projectId, id)),
    addEntry: async (projectId, id, entry) => {
      if (!state().images.has(entry.imageId)) throw new Error('A gallery refers to an image that does not exist')
      put(id, [...entries(projectId, id), entry])
    },
    setCaption: async (projectId, id, imageId, caption) =>
      void put(
        id,
        entries(projectId, id).map(each => (each.imageId === imageId ? { ...each, caption } : each)),
      ),
    removeEntry: async (projectId, id, imageId) =>
      void put(
        id,
        entries(projectId, id).filter(each => each.imageId !== imageId),
      ),
    setOrder: async (projectId, id, imageIds) => {
      const place = (each: GalleryEntry) => imageIds.indexOf(each.imageId)
      put(
        id,
        entries(projectId, id).sort((left, right) => place(left) - place(right)),
      )
    },
    findHeld: async (projectId, imageIds, besides) => {
      const galleries = [...state().galleries.values()].filter(
        each => each.projectId === projectId && each.id !== besides,
      )
      const held = galleries.flatMap(({ id }) => entries(projectId, id)).map(entry => entry.imageId)
      return new Set(held.filter(imageId => imageIds.includes(imageId)))
    },
  }
}
