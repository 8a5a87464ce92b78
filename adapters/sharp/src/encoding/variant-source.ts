import type { VariantSpec } from '@calotype/core'
import sharp from 'sharp'
import { FORMAT_PROFILES } from './formats.ts'
import { type Sides, variantSides } from './geometry.ts'
import { flattenOnWhite, type Pixels, pipelineOf, scaleTo, toPixels } from './pixels.ts'
import { type Reference, referenceOf, scoreOf } from './score.ts'
import { expectedBytes, type Scout } from './scout.ts'

/** A picture of so few pixels fits any target at any ceiling: nothing needs to be foretold. */
const MOST_BITS_PER_PIXEL = 8

/** The pixels of one variant and what is known of them, shared by its formats. */
export interface VariantSource {
  spec: VariantSpec
  pixels: Pixels
  /** On white, for formats without transparency. */
  flat: Pixels
  /** Null where nothing is scored: a picture of a fixed box is looked at too small to tell. */
  reference: Reference | null
  /** Null where nothing needs to be foretold. */
  scout: Scout | null
}

/** Bytes per pixel below which a picture may be so plain that nobody could tell a lower quality. */
const PLAIN_DENSITY = 0.025
/** How far above what is expected without a score a file may come out, in nineteen of twenty photos. */
const UNSCORED_MARGIN = 1.25

/**
 * A cheap JPEG at its ceiling: from it sizes and scores of every format are foretold. Its own score costs more than the
 * encode did, and is taken only where it could decide something.
 */
const sendScout = async (flat: Pixels, reference: Reference, maxBytes: number): Promise<Scout> => {
  const profiles = Object.values(FORMAT_PROFILES)
  const { probe, ceiling } = FORMAT_PROFILES.jpeg
  const file = await probe(flat, ceiling)
  const scout: Scout = { bytes: file.length, density: file.length / (flat.width * flat.height), score: null }
  const mayBeBound = profiles.some(profile => expectedBytes(profile, scout) * UNSCORED_MARGIN > maxBytes)
  return mayBeBound || scout.density < PLAIN_DENSITY
    ? { ...scout, score: scoreOf(reference, await toPixels(sharp(file))) }
    : scout
}

/**
 * Makes the pixels of one variant.
 * @param decoded upright, at least of the sides that the variant needs
 * @param original sides of the original in pixels, upright
 */
export const sourceOf = async (decoded: Pixels, original: Sides, spec: VariantSpec): Promise<VariantSource> => {
  const { width, height } = variantSides(original, spec)
  const pixels =
    spec.fit === 'cover'
      ? await toPixels(pipelineOf(decoded).resize({ width, height, fit: 'cover' }))
      : await scaleTo(decoded, width, height)
  const flat = await flattenOnWhite(pixels)
  const reference = spec.fit === 'cover' ? null : referenceOf(pixels)
  const { maxBytes } = spec
  const unbound = maxBytes === null || (width * height * MOST_BITS_PER_PIXEL) / 8 < maxBytes
  const scout = unbound || reference === null ? null : await sendScout(flat, reference, maxBytes)
  return { spec, pixels, flat, reference, scout }
}
