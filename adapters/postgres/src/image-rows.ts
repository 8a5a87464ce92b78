import type {
  EncodingReceipt,
  HistoryEntry,
  Image,
  ImageChange,
  NewImage,
  Variant,
  VariantFormat,
} from '@calotype/core'
import { type Insertable, type Selectable, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { ImageTable } from './tables.ts'

interface VariantRow {
  name: string
  format: VariantFormat
  content_type: string
  width: number
  height: number
  size_bytes: number
  object_key: string
  encoding: EncodingReceipt
}

interface HistoryRow {
  status: Image['status']
  /** ISO 8601, as PostgreSQL writes it into json. */
  at: string
  detail: string | null
}

/** A row of `images` with its variants and history beside it, as `imageParts` selects them. */
export type ImageRow = Selectable<ImageTable> & { variants: VariantRow[]; history: HistoryRow[] }

/** Variants and history of the row called `images`, so that an image is read in one query. */
export const imageParts = [
  sql<VariantRow[]>`(
    select coalesce(json_agg(json_build_object('name', v.name, 'format', v.format, 'content_type', v.content_type,
      'width', v.width, 'height', v.height, 'size_bytes', v.size_bytes, 'object_key', v.object_key,
      'encoding', v.encoding) order by v.position), '[]')
    from image_variants v where v.project_id = images.project_id and v.image_id = images.id)`.as('variants'),
  sql<HistoryRow[]>`(
    select coalesce(json_agg(json_build_object('status', h.status, 'at', h.at, 'detail', h.detail) order by h.id), '[]')
    from image_history h where h.project_id = images.project_id and h.image_id = images.id)`.as('history'),
] as const

const toVariant = (row: VariantRow): Variant => ({
  name: row.name,
  format: row.format,
  contentType: row.content_type,
  width: row.width,
  height: row.height,
  sizeBytes: row.size_bytes,
  objectKey: row.object_key,
  encoding: row.encoding,
})

const toHistoryEntry = (row: HistoryRow): HistoryEntry => ({
  status: row.status,
  at: new Date(row.at),
  detail: row.detail,
})

/** The image that a row stands for. */
export const toImage = (row: ImageRow): Image => ({
  id: row.id,
  projectId: row.project_id,
  status: row.status,
  origin: row.origin,
  fileName: row.file_name,
  declaredType: row.declared_type,
  declaredSize: row.declared_size,
  declaredSha256: row.declared_sha256,
  contentType: row.content_type,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  originalKey: row.original_key,
  width: row.width,
  height: row.height,
  animated: row.animated,
  metadata: row.metadata,
  placeholder: row.placeholder,
  perceptualHash: row.perceptual_hash,
  notes: row.notes,
  variants: row.variants.map(toVariant),
  uploadedBy: { kind: row.uploaded_by_kind, id: row.uploaded_by_id },
  uploadedAt: row.uploaded_at,
  uploadExpiresAt: row.upload_expires_at,
  confirmedAt: row.confirmed_at,
  analysis: {
    status: row.analysis_status,
    types: row.analysis_types,
    result: row.analysis_result,
    updatedAt: row.analysis_updated_at,
  },
  priority: row.priority,
  failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
  attempt: row.attempt,
  engineFailures: row.engine_failures,
  lostAttempts: row.lost_attempts,
  alt: row.alt,
  reference: row.reference,
  attributes: row.attributes,
  history: row.history.map(toHistoryEntry),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deletedAt: row.deleted_at,
  formerStatus: row.former_status,
  purgeAt: row.purge_at,
  purgeState: row.purge_state,
})

/** The columns of a new image. */
export const newImageColumns = (image: NewImage, at: Date): Insertable<ImageTable> => ({
  project_id: image.projectId,
  id: image.id,
  status: image.status,
  origin: image.origin,
  file_name: image.fileName,
  declared_type: image.declaredType,
  declared_size: image.declaredSize,
  declared_sha256: image.declaredSha256,
  size_bytes: image.sizeBytes,
  sha256: image.sha256,
  original_key: image.originalKey,
  uploaded_by_kind: image.uploadedBy.kind,
  uploaded_by_id: image.uploadedBy.id,
  uploaded_at: image.uploadedAt,
  upload_expires_at: image.uploadExpiresAt,
  analysis_status: image.analysis.status,
  analysis_types: [...image.analysis.types],
  analysis_result: jsonOrNull(image.analysis.result),
  analysis_updated_at: image.analysis.updatedAt,
  priority: image.priority,
  alt: image.alt,
  reference: image.reference,
  attributes: toJson(image.attributes),
  created_at: at,
  updated_at: at,
})

/** The columns that a change writes; undefined leaves a column alone. */
export const changeColumns = (change: ImageChange) => ({
  declared_sha256: change.declaredSha256,
  content_type: change.contentType,
  size_bytes: change.sizeBytes,
  sha256: change.sha256,
  original_key: change.originalKey,
  width: change.width,
  height: change.height,
  animated: change.animated,
  metadata: change.metadata === undefined ? undefined : jsonOrNull(change.metadata),
  placeholder: change.placeholder === undefined ? undefined : jsonOrNull(change.placeholder),
  uploaded_at: change.uploadedAt,
  confirmed_at: change.confirmedAt,
  failure_code: change.failure === undefined ? undefined : (change.failure?.code ?? null),
  failure_detail: change.failure === undefined ? undefined : (change.failure?.detail ?? null),
  attempt: change.attempt,
  perceptual_hash: change.perceptualHash,
  notes: change.notes === undefined ? undefined : [...change.notes],
  engine_failures: change.engineFailures,
  lost_attempts: change.lostAttempts,
  deleted_at: change.deletedAt,
  former_status: change.formerStatus,
  purge_at: change.purgeAt,
  alt: change.alt,
  reference: change.reference,
  attributes: change.attributes === undefined ? undefined : toJson(change.attributes),
})

/** SQL null for nothing, so that `is null` means what it says (json has a null of its own). */
const jsonOrNull = (value: unknown): string | null => (value === null || value === undefined ? null : toJson(value))
