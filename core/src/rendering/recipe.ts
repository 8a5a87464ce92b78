/** The formats that a variant is made in, in the order that a browser should prefer them. */
export const VARIANT_FORMATS = ['avif', 'webp', 'jpeg'] as const
export type VariantFormat = (typeof VARIANT_FORMATS)[number]

export const FORMAT_CONTENT_TYPES: Record<VariantFormat, string> = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
}

/** The file extension of a format in object keys. */
export const FORMAT_EXTENSIONS: Record<VariantFormat, string> = { avif: 'avif', webp: 'webp', jpeg: 'jpg' }

/** One named variant: a box in pixels, how the picture meets it, and what its files may weigh. */
export interface VariantSpec {
  name: string
  width: number
  height: number
  /** `cover` fills the box exactly and crops; `inside` fits into it and never enlarges. */
  fit: 'cover' | 'inside'
  formats: readonly VariantFormat[]
  /** Upper bound of each still file in bytes; null where the size is not bound. */
  maxBytes: number | null
}

/** What is made of an image. `id` names the folder of its files: it changes when anything here or the engine does. */
export interface Recipe {
  id: string
  variants: readonly VariantSpec[]
}

/** 100 KB, the byte target of a `full` still (requirement V6). */
export const FULL_MAX_BYTES = 102_400

export const DEFAULT_VARIANTS: readonly VariantSpec[] = [
  { name: 'thumb', width: 150, height: 150, fit: 'cover', formats: VARIANT_FORMATS, maxBytes: null },
  { name: 'full', width: 1200, height: 1200, fit: 'inside', formats: VARIANT_FORMATS, maxBytes: FULL_MAX_BYTES },
]
