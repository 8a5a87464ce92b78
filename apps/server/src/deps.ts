import type {
  BlobStore,
  Cdn,
  Clock,
  Database,
  EventFeed,
  ImageProcessor,
  Meter,
  UploadSigner,
  UploadTerms,
  Workspace,
} from '@calotype/core'

/** The embedded CDN signs URLs and checks them; CloudFront only signs. */
export interface EmbeddedCdn extends Cdn {
  verify(objectKey: string, query: string, nowSeconds: number): 'ok' | 'expired' | 'invalid'
}

/** Our own signed upload URLs, for storage that has none. */
export interface EmbeddedUploads extends UploadSigner {
  /** The terms that a PUT URL was signed for, by its query as sent. Throws `invalid_signature` or `upload_expired`. */
  verify(imageId: string, query: string, now: Date): UploadTerms
  /** The same for the fields of a signed form. */
  verifyForm(imageId: string, fields: Iterable<readonly [name: string, text: string]>, now: Date): UploadTerms
}

/** Everything that routes and jobs work with; made in compose.ts and nowhere else. */
export interface Deps {
  database: Database
  feed: EventFeed
  blobs: BlobStore
  uploads: EmbeddedUploads
  cdn: EmbeddedCdn
  processor: ImageProcessor
  workspace: Workspace
  meter: Meter
  clock: Clock
  publicUrl: string
  corsOrigins: readonly string[]
  uploadUrlSeconds: number
  signedUrlSeconds: number
  maxUploadBytes: number
  maxUploadsInFlight: number
  deliveryCacheBytes: number
  metadataCacheBytes: number
  orphanGraceMs: number
  /** Aborted when the server begins to stop: long answers end then. */
  stopping: AbortSignal
  /** Resolves when the job queue is served; rejects otherwise. */
  checkQueue(): Promise<void>
}
