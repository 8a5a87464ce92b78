import type { Image, ImageStatus } from './image.ts'

/** A delete by compare-and-set: it happens only from `from`. */
export interface Deletion {
  projectId: string
  imageId: string
  from: ImageStatus
  purgeAt: Date
}

export interface SimilarQuery {
  projectId: string
  /** 16 hexadecimal digits. */
  perceptualHash: string
  /** Of 64 bits this many may differ. */
  distance: number
  /** Only the newest this many images are compared, so that the answer costs the same in the largest project. */
  scan: number
  limit: number
}

/** What becomes of deleted images. Those that are being purged are there for nobody who calls. */
export interface TombstoneStore {
  /** Many in one step, each with its history line; resolves with those that were still at `from`, and their attempt by then. */
  tombstone(deletions: readonly Deletion[], at: Date): Promise<ReadonlyArray<{ imageId: string; attempt: number }>>
  /** Forgets the public variants of these images; resolves with what each image's weighed, those without any left out. */
  withdrawVariants(
    projectId: string,
    imageIds: readonly string[],
  ): Promise<ReadonlyArray<{ imageId: string; sizeBytes: number }>>
  /** From here on the image cannot be restored. Null unless it is deleted and its time has come; again: the image. */
  startPurge(projectId: string, imageId: string, now: Date): Promise<Image | null>
  /** Its bytes are gone: what is left only keeps delivery from serving what caches may hold. False when it was before. */
  finishPurge(projectId: string, imageId: string): Promise<boolean>
  /** Deleted images whose time has come and whose bytes may be there; for the sweep. */
  findDueTombstones(
    now: Date,
    limit: number,
  ): Promise<ReadonlyArray<Pick<Image, 'projectId' | 'id' | 'purgeAt' | 'purgeState'>>>
  /** Removes the records of purged images that were deleted, and whose upload URL expired, before this moment; how many. */
  forgetPurged(before: Date, limit: number): Promise<number>
  /** Ready images that look like this, the most similar first, then newest first. */
  findSimilar(query: SimilarQuery): Promise<readonly Image[]>
}
