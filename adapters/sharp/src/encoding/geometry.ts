import type { VariantSpec } from '@calotype/core'

/** Sides in pixels, as displayed. */
export interface Sides {
  width: number
  height: number
}

const scaled = ({ width, height }: Sides, factor: number): Sides => ({
  width: Math.max(1, Math.round(width * factor)),
  height: Math.max(1, Math.round(height * factor)),
})

/** The factor to the source at which a variant has the pixels it needs; at most 1, nothing is gained above. */
const neededFactor = (source: Sides, { width, height, fit }: VariantSpec): number => {
  const across = width / source.width
  const down = height / source.height
  return Math.min(1, fit === 'cover' ? Math.max(across, down) : Math.min(across, down))
}

/** The sides at which a source is decoded once, so that every variant can be made of those pixels. */
export const workingSides = (source: Sides, variants: readonly VariantSpec[]): Sides =>
  scaled(
    source,
    Math.max(...variants.map(spec => neededFactor(source, spec)), 1 / Math.max(source.width, source.height)),
  )

/** The sides of a variant: `cover` is the box, enlarging where it must; `inside` fits the box and never enlarges. */
export const variantSides = (source: Sides, spec: VariantSpec): Sides =>
  spec.fit === 'cover' ? { width: spec.width, height: spec.height } : scaled(source, neededFactor(source, spec))
