import { z } from 'zod'
import { Id, Sha256, Timestamp } from './scalars.ts'

export const ImageStatus = z.enum(['pending_upload', 'uploaded', 'processing', 'ready', 'failed', 'deleted'])
export type ImageStatus = z.infer<typeof ImageStatus>

/** How far the detection pipeline is with an image. */
export const AnalysisStatus = z.enum(['none', 'queued', 'processing', 'completed', 'failed'])
export type AnalysisStatus = z.infer<typeof AnalysisStatus>

export const VariantFormat = z.enum(['avif', 'webp', 'jpeg'])
export type VariantFormat = z.infer<typeof VariantFormat>

export const Metadata = z
  .object({
    camera_make: z.string().nullable(),
    camera_model: z.string().nullable(),
    captured_at: z.string().nullable(),
    orientation: z.number().int().nullable(),
    gps: z
      .object({ latitude: z.number(), longitude: z.number(), altitude: z.number().nullable() })
      .nullable()
      .meta({ description: 'Only for those who may read private data; null otherwise.' }),
    focal_length_mm: z.number().nullable(),
    iso: z.number().nullable(),
    exposure_time_s: z.number().nullable(),
    f_number: z.number().nullable(),
    flash: z.boolean().nullable(),
    color_space: z.string().nullable(),
    exif: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Further EXIF fields, without GPS, serial numbers, owner names and maker notes.' }),
  })
  .meta({ id: 'Metadata' })
export type Metadata = z.infer<typeof Metadata>

export const Encoding = z
  .object({
    quality: z.number(),
    effort: z.number(),
    chroma_subsampling: z.string(),
    score: z.number().nullable(),
    encodes: z.number().int(),
    probes: z.number().int(),
    cpu_ms: z.number(),
  })
  .meta({ id: 'Encoding', description: 'How the file came about.' })

export const Variant = z
  .object({
    name: z.string(),
    format: VariantFormat,
    content_type: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    size_bytes: z.number().int(),
    object_key: z.string(),
    encoding: Encoding,
  })
  .meta({ id: 'Variant' })
export type Variant = z.infer<typeof Variant>

export const Image = z
  .object({
    id: Id,
    project_id: Id,
    status: ImageStatus,
    file_name: z.string(),
    declared_type: z.string().nullable(),
    content_type: z.string().nullable(),
    size_bytes: z.number().int().nullable(),
    sha256: Sha256.nullable(),
    width: z.number().int().nullable().meta({ description: 'As displayed, orientation applied.' }),
    height: z.number().int().nullable(),
    animated: z.boolean().nullable(),
    metadata: Metadata.nullable(),
    placeholder: z.object({ thumbhash: z.string(), color: z.string() }).nullable(),
    perceptual_hash: z
      .string()
      .nullable()
      .meta({ description: '16 hexadecimal digits; of near duplicates few of the 64 bits differ.' }),
    notes: z.array(z.string()).meta({ description: 'What of the original no variant shows, in words.' }),
    variants: z.array(Variant),
    saved_percent: z.number().nullable().meta({ description: '(original − smallest `full`) / original × 100.' }),
    uploaded_by: z.object({ kind: z.enum(['user', 'api_key', 'service']), id: z.string() }),
    uploaded_at: Timestamp.nullable(),
    analysis: z.object({
      status: AnalysisStatus,
      types: z.array(z.string()),
      result: z.unknown(),
      updated_at: Timestamp.nullable(),
    }),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    storage_uri: z.string().nullable(),
    alt: z.string().nullable(),
    reference: z.string().nullable(),
    attributes: z.record(z.string(), z.unknown()),
    history: z.array(z.object({ status: ImageStatus, at: Timestamp, detail: z.string().nullable() })),
    created_at: Timestamp,
    updated_at: Timestamp,
    purge_at: Timestamp.nullable().meta({ description: 'Of a deleted image: until when it can be restored.' }),
    links: z.object({ self: z.string(), file: z.string(), signed_url: z.string() }),
    duplicate: z.boolean().optional().meta({ description: 'True when the same bytes were in the project already.' }),
  })
  .meta({ id: 'Image' })
export type Image = z.infer<typeof Image>

export const ImageList = z
  .object({ items: z.array(Image), next_cursor: z.string().nullable() })
  .meta({ id: 'ImageList' })
export type ImageList = z.infer<typeof ImageList>

export const ImageExplanation = z
  .object({
    summary: z.string(),
    steps: z.array(z.object({ at: Timestamp, what: z.string(), detail: z.string().nullable() })),
    waiting_for: z.string().nullable(),
    next_retry_at: Timestamp.nullable(),
  })
  .meta({ id: 'ImageExplanation', description: 'What happened to an image and what happens next, in plain words.' })
export type ImageExplanation = z.infer<typeof ImageExplanation>
