import type { VariantFormat } from '@calotype/core'
import sharp from 'sharp'
import { FORMAT_PROFILES } from './formats.ts'
import { toPixels } from './pixels.ts'
import { qualityRange } from './quality-range.ts'
import { referenceOf, scoreOf } from './score.ts'
import { expectedBytes } from './scout.ts'
import { type Encoded, encodeWithin } from './search.ts'
import type { VariantSource } from './variant-source.ts'

/** An encoded file with its likeness to the pixels it was made of, 0–1; null where it was not measured. */
export interface ScoredFile extends Encoded {
  score: number | null
}

const encodeOnce = async (source: VariantSource, format: VariantFormat): Promise<Encoded> => {
  const { encode, ceiling } = FORMAT_PROFILES[format]
  const pixels = format === 'jpeg' ? source.flat : source.pixels
  const file = await encode(pixels, ceiling)
  return { file, pixels, width: pixels.width, height: pixels.height, quality: ceiling, encodes: 1, probes: 0 }
}

/** Within a target, or without one at the ceiling. */
const encodeFor = async (
  source: VariantSource,
  format: VariantFormat,
  maxBytes: number | null,
): Promise<Encoded | null> => {
  const pixels = format === 'jpeg' ? source.flat : source.pixels
  const profile = FORMAT_PROFILES[format]
  const range = qualityRange(profile, source.scout)
  if (maxBytes !== null && source.scout !== null)
    return encodeWithin(profile, range, pixels, maxBytes, expectedBytes(profile, source.scout))
  const once = await encodeOnce(source, format)
  if (maxBytes === null || once.file.length <= maxBytes) return once
  return encodeWithin(profile, range, pixels, maxBytes, once.file.length)
}

/**
 * No larger than an original of the same format and sides: what such a file lacks, no second encode brings back. Its
 * bytes are never handed through, though, as a picture that was encoded here is a picture and nothing else; and where
 * only fewer pixels would be small enough, the target of the variant is what counts.
 */
const encodeBelowOriginal = async (
  source: VariantSource,
  format: VariantFormat,
  originalBytes: number,
): Promise<Encoded | null> => {
  const { maxBytes } = source.spec
  const bounded = await encodeFor(source, format, Math.min(originalBytes, maxBytes ?? originalBytes))
  const whole = bounded !== null && bounded.width === source.pixels.width
  return whole || (maxBytes !== null && maxBytes <= originalBytes) ? bounded : encodeFor(source, format, maxBytes)
}

/**
 * Encodes one format of a variant within its byte target, and scores what came out.
 * @param originalBytes size of the original where it has this format and these sides already; null where not
 * @returns null where no picture fits the target
 */
export const encodeFormat = async (
  source: VariantSource,
  format: VariantFormat,
  originalBytes: number | null,
): Promise<ScoredFile | null> => {
  const encoded = await (originalBytes === null
    ? encodeFor(source, format, source.spec.maxBytes)
    : encodeBelowOriginal(source, format, originalBytes))
  if (encoded === null || source.reference === null) return encoded && { ...encoded, score: null }
  const shrunken = encoded.width !== source.pixels.width || encoded.height !== source.pixels.height
  const reference = shrunken ? referenceOf(encoded.pixels) : source.reference
  const score = reference.scales.length === 0 ? null : scoreOf(reference, await toPixels(sharp(encoded.file)))
  return { ...encoded, score }
}
