import type { EncodingReceipt, ImageMetadata, VariantFormat } from '../rendering/index.ts'

export const IMAGE_STATUSES = ['pending_upload', 'uploaded', 'processing', 'ready', 'failed', 'deleted'] as const
export type ImageStatus = (typeof IMAGE_STATUSES)[number]

/**
 * The life of an image: from where to where it may move, and nothing else (requirement L1).
 * `processing → uploaded` is a lost attempt, `failed → uploaded` another try, `deleted → …` a restore to the former status.
 */
export const IMAGE_TRANSITIONS: Record<ImageStatus, readonly ImageStatus[]> = {
  pending_upload: ['uploaded', 'failed', 'deleted'],
  uploaded: ['processing', 'failed', 'deleted'],
  processing: ['ready', 'failed', 'uploaded', 'deleted'],
  ready: ['deleted'],
  failed: ['uploaded', 'deleted'],
  deleted: ['pending_upload', 'uploaded', 'processing', 'ready', 'failed'],
}

export type LivingStatus = Exclude<ImageStatus, 'deleted'>

export const canMove = (from: ImageStatus, to: ImageStatus): boolean => IMAGE_TRANSITIONS[from].includes(to)

/** Failures that another try cannot mend, because the content itself was judged (requirement V1). */
export const VERDICT_CODES: readonly string[] = [
  'content_type_mismatch',
  'unsupported_media_type',
  'corrupt_image',
  'file_too_large',
  'file_too_small',
  'too_many_pixels',
  'too_many_frames',
  'checksum_mismatch',
  'size_mismatch',
]

export const isVerdict = (code: string): boolean => VERDICT_CODES.includes(code)

/** A variant as stored: where its bytes are and how they came about. */
export interface Variant {
  name: string
  format: VariantFormat
  contentType: string
  width: number
  height: number
  sizeBytes: number
  objectKey: string
  encoding: EncodingReceipt
}

/** What variants weigh together, in bytes. */
export const weightOf = (variants: readonly Pick<Variant, 'sizeBytes'>[]): number =>
  variants.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

export interface HistoryEntry {
  status: ImageStatus
  at: Date
  /** Why, in a few words; null where the status says it all. */
  detail: string | null
}

export interface Image {
  id: string
  projectId: string
  status: ImageStatus
  origin: 'upload' | 'import' | 'slot' | 'migration'
  fileName: string
  declaredType: string | null
  /** Bytes and hash that the uploader announced, where it did. */
  declaredSize: number | null
  declaredSha256: string | null
  contentType: string | null
  sizeBytes: number | null
  sha256: string | null
  /** Key of the original that this image refers to; null before upload and after purge. */
  originalKey: string | null
  width: number | null
  height: number | null
  animated: boolean | null
  metadata: ImageMetadata | null
  placeholder: { thumbhash: string; color: string } | null
  /** 16 hexadecimal digits: of near duplicates few of the 64 bits differ. */
  perceptualHash: string | null
  /** What of the original no variant shows, in words. */
  notes: readonly string[]
  variants: readonly Variant[]
  uploadedBy: { kind: 'user' | 'api_key' | 'service'; id: string }
  uploadedAt: Date | null
  uploadExpiresAt: Date | null
  /** When the client itself called `complete`; the storage's own event leaves it null. */
  confirmedAt: Date | null
  analysis: {
    status: 'none' | 'queued' | 'processing' | 'completed' | 'failed'
    types: readonly string[]
    result: unknown
    updatedAt: Date | null
  }
  priority: 'low' | 'normal' | 'high'
  failure: { code: string; detail: string } | null
  /** Number of the current processing attempt: results are written under it (law of fencing). */
  attempt: number
  /** Attempts that the engine lost on this image; enough of them make it poison. */
  engineFailures: number
  /** Attempts that ended with their whole process since a person last wanted the image tried; enough of them make it poison, too. */
  lostAttempts: number
  alt: string | null
  reference: string | null
  attributes: Record<string, unknown>
  history: readonly HistoryEntry[]
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
  /** Of a deleted image: where a restore leads. Null where there is none, because the whole project was deleted. */
  formerStatus: LivingStatus | null
  /** Of a deleted image: when its bytes go and it can no longer be restored. */
  purgeAt: Date | null
  /** `purging` from the moment at which it cannot be restored any more, `purged` when a listing has shown that nothing is left. */
  purgeState: 'purging' | 'purged' | null
}
