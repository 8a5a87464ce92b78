/** The types that can be taken in; `image/heif` is declared for HEIC as well and means the same. */
export const SOURCE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/heic',
  'image/heif',
] as const
export type SourceType = (typeof SOURCE_TYPES)[number]

/** What the gate of the engine lets through. Sides and areas in pixels, animations with a budget of their own. */
export interface SourceLimits {
  allowedTypes: readonly string[]
  maxSide: number
  maxPixels: number
  maxFrames: number
  /** Frames × area of one frame. */
  maxAnimationPixels: number
}

export const DEFAULT_SOURCE_LIMITS: SourceLimits = {
  allowedTypes: SOURCE_TYPES,
  maxSide: 8_000,
  maxPixels: 64_000_000,
  maxFrames: 1_000,
  maxAnimationPixels: 100_000_000,
}
