import type { EntityKey } from './entity.ts'

export interface Gallery extends EntityKey {
  id: string
  /** What was chosen; without a choice, or while it is deleted, the first picture stands for the gallery. */
  primaryImageId: string | null
}

export interface GalleryEntry {
  imageId: string
  caption: string | null
  addedAt: Date
}

/** Galleries by project. An entry whose image is deleted stays, and is left out by those who read, until the image is purged. */
export interface GalleryStore {
  find(entity: EntityKey): Promise<Gallery | null>
  load(projectId: string, galleryId: string): Promise<Gallery | null>
  /** The gallery, made when it is not there yet, locked to the end of the transaction. */
  open(entity: EntityKey, id: string): Promise<Gallery>
  lock(entity: EntityKey): Promise<Gallery | null>
  setPrimary(projectId: string, galleryId: string, imageId: string | null): Promise<void>
  /** In their order. */
  listEntries(projectId: string, galleryId: string): Promise<readonly GalleryEntry[]>
  /** At the end. */
  addEntry(projectId: string, galleryId: string, entry: GalleryEntry): Promise<void>
  setCaption(projectId: string, galleryId: string, imageId: string, caption: string | null): Promise<void>
  removeEntry(projectId: string, galleryId: string, imageId: string): Promise<void>
  setOrder(projectId: string, galleryId: string, imageIds: readonly string[]): Promise<void>
  /** Which of these images are in a gallery other than this one. */
  findHeld(projectId: string, imageIds: readonly string[], besides: string | null): Promise<ReadonlySet<string>>
}
