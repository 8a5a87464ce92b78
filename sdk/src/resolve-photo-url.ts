import type { VariantFormat } from '@calotype/contract'

/** The files of one format: one URL, or one for each size. */
export type PhotoFormat = string | { original?: string | null; thumbnail?: string | null }

/** A row of the host product, before, in the middle of or after its move. */
export interface Photo {
  originalUrl?: string | null
  thumbnailUrl?: string | null
  s3Key?: string | null
  /** `false`: the formats are not to be used (yet, or any more) while there is something else. */
  cdnEnabled?: boolean | null
  formats?: { [Format in VariantFormat]?: PhotoFormat | null } | null
}

const FORMATS: readonly VariantFormat[] = ['jpeg', 'webp', 'avif']

/**
 * Where a photo is to be shown from: the preferred format if there, else an `http…` original as it is, else `/uploads/{path}`. A row that
 * names no original answers whatever URL it has; undefined only when it has none. Never throws, whatever the row holds.
 */
export function resolvePhotoUrl(photo: Photo | null | undefined, preferredFormat?: VariantFormat): string | undefined {
  const row = fieldsOf(photo)
  const preferred = preferredFormat === undefined ? undefined : urlOf(fieldsOf(row.formats)[preferredFormat])
  if (preferred !== undefined && row.cdnEnabled !== false) return preferred
  const original = textOf(row.originalUrl)
  if (original !== undefined) return legacyUrl(original)
  return preferred ?? anyFormat(row) ?? mapped(textOf(row.thumbnailUrl), legacyUrl)
}

function anyFormat(row: Fields): string | undefined {
  const formats = fieldsOf(row.formats)
  for (const format of FORMATS) {
    const url = urlOf(formats[format])
    if (url !== undefined) return url
  }
  return undefined
}

/** Rows name local files as `a.jpg`, `uploads/a.jpg`, `/uploads/a.jpg` or by their whole path on the server. */
function legacyUrl(text: string): string {
  if (/^https?:/i.test(text)) return text
  const path = text.replaceAll('\\', '/')
  const folder = path.lastIndexOf('/uploads/')
  const below = folder >= 0 ? path.slice(folder + '/uploads/'.length) : path.replace(/^\/*(?:uploads\/)?/, '')
  return `/uploads/${below.replace(/^\/+/, '')}`
}

type Fields = Partial<
  Record<'originalUrl' | 'thumbnailUrl' | 'cdnEnabled' | 'formats' | 'original' | 'thumbnail' | VariantFormat, unknown>
>

/** Rows come from a database of others: whatever is no object has no fields. */
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

const urlOf = (format: unknown): string | undefined =>
  textOf(format) ?? textOf(fieldsOf(format).original) ?? textOf(fieldsOf(format).thumbnail)

const mapped = (text: string | undefined, map: (text: string) => string): string | undefined =>
  text === undefined ? undefined : map(text)
