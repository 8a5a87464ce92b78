import { z } from 'zod'
import { ImageStatus, VariantFormat } from './image.ts'
import { DEFAULT_PAGE, Id, MAX_PAGE, Sha256, Timestamp } from './scalars.ts'

export const MAX_TEXT_FILTER = 255
export const MAX_SIGNED_URLS = 50
export const MAX_DELETIONS = 1_000
export const MAX_DETECTION_TYPES = 20
export const MAX_UPLOAD_URLS = 100
export const DEFAULT_SIMILAR_DISTANCE = 8
export const MAX_SIMILAR_DISTANCE = 16

export const Wait = z.object({
  wait: z
    .enum(['ready'])
    .optional()
    .meta({ description: 'Hold the answer until the image is `ready` or `failed`, at most 30 s.' }),
})

export const DetectionTypes = z.array(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/)).max(MAX_DETECTION_TYPES)
export const Priority = z.enum(['low', 'normal', 'high'])

/** Their limits have errors of the verb's own: characters of text, bytes and depth of JSON. */
const labels = {
  alt: z.string().optional().meta({ description: 'What the picture shows, at most 1,000 characters.' }),
  reference: z.string().optional().meta({ description: 'Your own id for it, at most 255 characters.' }),
  attributes: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Facts of your own: JSON of at most 1,024 bytes and five levels.' }),
}

/** File name, type and size get their own error codes from the verb, so the wire schema only says they are text and a number. */
export const UploadUrlRequest = z
  .object({
    project_id: Id.optional(),
    file_name: z.string(),
    file_size: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'Exact length in bytes. Without it a form upload is answered.' }),
    mime_type: z.string(),
    sha256: Sha256.optional(),
    detection_types: DetectionTypes.optional(),
    priority: Priority.optional(),
    ...labels,
  })
  .meta({ id: 'UploadUrlRequest' })
export type UploadUrlRequest = z.infer<typeof UploadUrlRequest>

export const UploadUrl = z
  .object({
    image_id: Id,
    upload_url: z.string(),
    method: z.enum(['PUT', 'POST']),
    headers: z.record(z.string(), z.string()),
    fields: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'With method POST: form fields to send before the file.' }),
    expires_at: Timestamp,
    expires_in_seconds: z.number().int(),
    storage_uri: z.string(),
    status_url: z.string(),
  })
  .meta({ id: 'UploadUrl' })
export type UploadUrl = z.infer<typeof UploadUrl>

export const KnownUpload = z
  .object({ image_id: Id, duplicate: z.literal(true), status_url: z.string() })
  .meta({ id: 'KnownUpload' })
export type KnownUpload = z.infer<typeof KnownUpload>

export const UploadUrlsRequest = z
  .object({ items: z.array(UploadUrlRequest).min(1).max(MAX_UPLOAD_URLS) })
  .meta({ id: 'UploadUrlsRequest' })
export type UploadUrlsRequest = z.infer<typeof UploadUrlsRequest>

export const UploadUrlResult = z
  .union([
    UploadUrl.extend({ ok: z.literal(true) }),
    KnownUpload.extend({ ok: z.literal(true) }),
    z.object({ ok: z.literal(false), code: z.string(), detail: z.string() }),
  ])
  .meta({ id: 'UploadUrlResult', description: 'What came of one item: a URL, the image that is there, or the reason.' })
export type UploadUrlResult = z.infer<typeof UploadUrlResult>

export const UploadUrls = z.object({ items: z.array(UploadUrlResult) }).meta({ id: 'UploadUrls' })
export type UploadUrls = z.infer<typeof UploadUrls>

/** What null clears, and what is left out stays. */
export const ImagePatch = z
  .object({
    alt: z.string().nullable().optional(),
    reference: z.string().nullable().optional(),
    attributes: z.record(z.string(), z.unknown()).nullable().optional(),
    project_id: Id.optional().meta({ description: 'Moves the image to another project of the organisation.' }),
  })
  .meta({ id: 'ImagePatch' })
export type ImagePatch = z.infer<typeof ImagePatch>

export const CompleteRequest = z.object({ sha256: Sha256.optional() }).meta({ id: 'CompleteRequest' })

export const ListQuery = z.object({
  project_id: Id.optional(),
  status: ImageStatus.optional(),
  type: z.string().max(MAX_TEXT_FILTER).optional().meta({ description: 'Media type of the original.' }),
  camera: z.string().max(MAX_TEXT_FILTER).optional(),
  reference: z.string().max(MAX_TEXT_FILTER).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  q: z.string().max(MAX_TEXT_FILTER).optional().meta({ description: 'Part of the file name.' }),
  similar_to: Id.optional().meta({
    description: 'Ready images that look like this one, the most similar first: one page, no other filter.',
  }),
  distance: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_SIMILAR_DISTANCE)
    .optional()
    .meta({ description: `With similar_to: how many of 64 bits may differ, ${DEFAULT_SIMILAR_DISTANCE} unless told.` }),
  cursor: z.string().max(MAX_TEXT_FILTER).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})

export const VARIANT_NAME = /^[a-z][a-z0-9_-]{0,63}$/

export const FileQuery = z.object({
  variant: z.string().regex(VARIANT_NAME).default('full').meta({ description: 'Name of a variant, or `original`.' }),
  format: VariantFormat.optional(),
})

/** How the bytes of a file are asked for. */
export const FileUseQuery = FileQuery.extend({
  use: z
    .enum(['download', 'view'])
    .default('download')
    .meta({ description: 'What the audit log tells about an original: that it was downloaded, or looked at.' }),
})

export const SignedUrlQuery = FileQuery.extend({
  include: z.enum(['variants']).optional().meta({ description: 'Also answer the URL of every variant and format.' }),
})

export const SignedUrl = z
  .object({
    image_id: Id,
    download_url: z.string(),
    expires_at: Timestamp,
    variants: z.record(z.string(), z.partialRecord(VariantFormat, z.string())).optional(),
  })
  .meta({ id: 'SignedUrl' })
export type SignedUrl = z.infer<typeof SignedUrl>

export const SignedUrlsRequest = z
  .object({
    image_ids: z.array(Id).min(1).max(MAX_SIGNED_URLS),
    variant: z.string().regex(VARIANT_NAME).default('full'),
  })
  .meta({ id: 'SignedUrlsRequest' })

export const SignedUrls = z
  .object({ items: z.array(SignedUrl), not_found: z.array(z.string()) })
  .meta({ id: 'SignedUrls' })
export type SignedUrls = z.infer<typeof SignedUrls>

/** Cookies, by name; none for a public project, null where the server delivers by itself. */
export const SignedCookies = z
  .object({ project_id: Id, expires_at: Timestamp, cookies: z.record(z.string(), z.string()).nullable() })
  .meta({ id: 'SignedCookies' })
export type SignedCookies = z.infer<typeof SignedCookies>

export const DeleteRequest = z
  .object({ image_ids: z.array(Id).min(1).max(MAX_DELETIONS) })
  .meta({ id: 'DeleteRequest' })
export const DeleteAnswer = z
  .object({ accepted: z.array(z.string()), not_found: z.array(z.string()) })
  .meta({ id: 'DeleteAnswer' })
export type DeleteAnswer = z.infer<typeof DeleteAnswer>
