import type { SourceLimits } from './limits.ts'
import type { Recipe, VariantFormat } from './recipe.ts'

/** Camera metadata as stored with an image; the `exif` part holds no GPS, serial numbers, owner names or maker notes. */
export interface ImageMetadata {
  camera_make: string | null
  camera_model: string | null
  /** RFC 3339; without a zone in the file it is read as UTC. */
  captured_at: string | null
  /** 1–8 as in EXIF, 1 where the file says nothing. */
  orientation: number
  gps: { latitude: number; longitude: number; altitude: number | null } | null
  focal_length_mm: number | null
  iso: number | null
  exposure_time_s: number | null
  f_number: number | null
  flash: boolean | null
  color_space: string | null
  exif: Record<string, string | number | boolean | readonly number[]>
}

/** How a variant came about: the receipt that people look at. */
export interface EncodingReceipt {
  quality: number
  effort: number
  chroma_subsampling: '4:4:4' | '4:2:0'
  /** Perceptual similarity to the resized original, 0–1; null where it was not measured. */
  score: number | null
  encodes: number
  probes: number
  cpu_ms: number
}

/** One encoded file, lying at `path` in the render's output directory. */
export interface RenderedVariant {
  name: string
  format: VariantFormat
  contentType: string
  width: number
  height: number
  sizeBytes: number
  path: string
  encoding: EncodingReceipt
}

/** What one render needs: local files only, no database, no network, no credentials. */
export interface RenderRequest {
  /** Path of the original on this machine. */
  source: string
  /** An existing, empty directory that receives the variants. */
  outputDirectory: string
  /** Media type that the uploader declared; null when nothing was declared. */
  declaredType: string | null
  limits: SourceLimits
  recipe: Recipe
}

/** What the engine does with an image, in order. */
export const RENDER_STEPS = ['gate', 'metadata', 'decode', 'preview', 'variants'] as const

/** One step, in milliseconds since 1970 by the clock of this machine. */
export interface RenderStep {
  step: (typeof RENDER_STEPS)[number]
  startMs: number
  endMs: number
}

/** What the engine found and made. Width and height are as displayed, orientation applied. */
export interface RenderResult {
  contentType: string
  width: number
  height: number
  animated: boolean
  frames: number
  metadata: ImageMetadata
  placeholder: { thumbhash: string; color: string }
  /** Of near duplicates few of its 64 bits differ: 16 hexadecimal digits. */
  perceptualHash: string
  variants: readonly RenderedVariant[]
  /** Formats that could not be made, with the reason (JPEG is always there). */
  omitted: readonly { name: string; format: VariantFormat; reason: string }[]
  /** What of the original no variant shows, in words; mostly empty. */
  notes: readonly string[]
  timings: { queue_ms: number; wall_ms: number; cpu_ms: number; peak_rss_bytes: number }
  /** What the engine did, in order. */
  steps: readonly RenderStep[]
}

export interface ProcessorHealth {
  ok: boolean
  processes: number
  busy: number
  queued: number
  /**
   * How the processes are kept from network and host: by a user and network namespace of their own, or, where the system
   * forbids those, only by an environment without secrets.
   */
  isolation: 'namespace' | 'environment'
}

/**
 * The engine. Rejects with a DomainError: kind `content` or `too_large` when the file itself was refused
 * (`content_type_mismatch`, `unsupported_media_type`, `corrupt_image`, `too_many_pixels`, `too_many_frames`), kind `processing` when
 * the attempt was lost (`engine_crashed`, `engine_timed_out`, `engine_out_of_memory`), kind `overloaded` when its queue is full.
 */
export interface ImageProcessor {
  /** Part of every recipe id: another engine makes other bytes, which need other keys. */
  readonly version: string
  render(request: RenderRequest): Promise<RenderResult>
  health(): ProcessorHealth
  /** Lets running renders end for at most the grace, then ends the processes. */
  close(): Promise<void>
}
