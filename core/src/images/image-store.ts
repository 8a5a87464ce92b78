import type { AnalysisStore } from './analysis-store.ts'
import type { HistoryEntry, Image, ImageStatus, Variant } from './image.ts'
import type { TombstoneStore } from './tombstone-store.ts'
import type { UploadLocator } from './upload-locator.ts'

export type NewImage = Pick<
  Image,
  | 'id'
  | 'projectId'
  | 'origin'
  | 'fileName'
  | 'declaredType'
  | 'declaredSize'
  | 'declaredSha256'
  | 'sizeBytes'
  | 'sha256'
  | 'originalKey'
  | 'uploadedBy'
  | 'uploadedAt'
  | 'uploadExpiresAt'
  | 'priority'
  | 'analysis'
  | 'alt'
  | 'reference'
  | 'attributes'
> & { status: 'pending_upload' | 'uploaded' }

/** What a move or an update may write besides the status. */
export type ImageChange = Partial<
  Pick<
    Image,
    | 'declaredSha256'
    | 'contentType'
    | 'sizeBytes'
    | 'sha256'
    | 'originalKey'
    | 'width'
    | 'height'
    | 'animated'
    | 'metadata'
    | 'placeholder'
    | 'uploadedAt'
    | 'confirmedAt'
    | 'failure'
    | 'attempt'
    | 'perceptualHash'
    | 'notes'
    | 'engineFailures'
    | 'lostAttempts'
    | 'deletedAt'
    | 'formerStatus'
    | 'purgeAt'
    | 'alt'
    | 'reference'
    | 'attributes'
  >
>

/** A move by compare-and-set: it happens only from `from` (and under `attempt`, where given). */
export interface ImageMove {
  projectId: string
  imageId: string
  from: ImageStatus
  to: ImageStatus
  /** Fencing: the attempt under which a job writes its result. */
  attempt?: number
  at: Date
  detail: string | null
  change: ImageChange
}

/** To another project, by compare-and-set on everything that its bytes were copied by. */
export interface ImageReassignment {
  image: Pick<Image, 'id' | 'projectId' | 'status' | 'attempt' | 'originalKey'>
  toProjectId: string
  /** In the new project. */
  originalKey: string | null
  /** Every variant's key before and after; others than these are a conflict. */
  renamed: readonly { from: string; to: string }[]
  change: ImageChange
  at: Date
  detail: string
}

export interface ImageQuery {
  projectId: string
  /** Deleted images are listed only when asked for. */
  status: ImageStatus | null
  contentType: string | null
  /** Part of camera make or model, case-insensitive. */
  camera: string | null
  reference: string | null
  /** Attributes of the first level that have one of these values. */
  attributes: Readonly<Record<string, ReadonlyArray<string | number | boolean>>>
  /** Bounds on `created_at`: from inclusive, to exclusive. */
  from: Date | null
  to: Date | null
  /** Part of the file name, case-insensitive. */
  search: string | null
  /** Id of the last image of the page before: newest first, by id. */
  before: string | null
  limit: number
}

/** Which image, asked for on behalf of which organisation. */
export interface ImageAddress {
  organizationId: string
  imageId: string
}

/** Where an image is, and a mark that changes with everything that is stored of it. */
export interface ImageVersion {
  imageId: string
  projectId: string
  version: string
}

/** Images by project: no method loads by id alone (law of tenancy). */
export interface ImageStore extends TombstoneStore, AnalysisStore, UploadLocator {
  /** Rejects with `not_found` when the project was deleted, and keeps it from being deleted before the transaction ends. */
  insert(image: NewImage, at: Date): Promise<Image>
  /** Many in one step, each with its history line; rejects like `insert`. */
  insertMany(images: readonly NewImage[], at: Date): Promise<void>
  /** For callers: the image, if its project belongs to the organisation. */
  find(organizationId: string, imageId: string): Promise<Image | null>
  /** Answers key by key, null where `find` would find nothing: cheap, so that what was read before can be used again. */
  findVersions(keys: readonly ImageAddress[]): Promise<ReadonlyArray<ImageVersion | null>>
  findMany(organizationId: string, imageIds: readonly string[]): Promise<readonly Image[]>
  /** For jobs, whose payload names the project. `lock` holds the row to the end of the transaction. */
  load(projectId: string, imageId: string, options?: { lock: boolean }): Promise<Image | null>
  list(query: ImageQuery): Promise<readonly Image[]>
  /** Compare-and-set with its history line; null when the image is no longer at `from` or under that attempt, or is being purged. */
  move(move: ImageMove): Promise<Image | null>
  /** Changes fields without a move, only while the image has that status; false when it has not. */
  update(key: { projectId: string; imageId: string; status: ImageStatus }, change: ImageChange): Promise<boolean>
  /**
   * Puts an image with its history and variants into another project, with a history line; inside a transaction, which has to be undone
   * when it resolves with null: then the image is no longer what it was. Rejects with `not_found` when the new project was deleted.
   */
  reassign(to: ImageReassignment): Promise<Image | null>
  /** Replaces the image's variants by these. */
  setVariants(
    key: { projectId: string; imageId: string },
    recipeId: string,
    variants: readonly Variant[],
  ): Promise<void>
  /** Images that refer to an original, those that can be restored included, newest first. */
  findByOriginal(projectId: string, originalKey: string): Promise<readonly Image[]>
  /** The same for many originals of one project. */
  findByOriginals(projectId: string, originalKeys: readonly string[]): Promise<readonly Image[]>
  /** Pending uploads whose URL expired before this moment; for the sweep. */
  findStaleUploads(expiredBefore: Date, limit: number): Promise<readonly Image[]>
  /** Images `uploaded` or `processing` since before this moment for which no job will run any more; for the sweep. */
  findStranded(updatedBefore: Date, limit: number): Promise<readonly Image[]>
  /** Imports that were not touched since and may still come, for which no job will run any more; for the sweep. */
  findLostImports(query: { updatedBefore: Date; now: Date; limit: number }): Promise<readonly Image[]>
  /**
   * Which of these object keys belong to something: an original that is not being purged, a pending upload, an image that is there or can
   * be restored, or whatever lies beside the variants of one that an attempt is working on.
   */
  findReferencedKeys(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Some images of a project, whatever their status or those that are not deleted. */
  findSome(projectId: string, which: 'all' | 'not_deleted', limit: number): Promise<readonly Image[]>
  /** Removes records of a project that is being removed; their bytes have to be gone already. */
  remove(projectId: string, imageIds: readonly string[]): Promise<void>
  /** Ids of images deleted since this moment; for the embedded CDN, which refuses them. */
  findDeletedSince(since: Date): Promise<readonly string[]>
}

export type { HistoryEntry }
