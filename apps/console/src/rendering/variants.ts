import type { Image, Variant, VariantFormat } from '@calotype/sdk'

export const formatWord: Record<VariantFormat, string> = { avif: 'AVIF', webp: 'WebP', jpeg: 'JPEG' }

const order: readonly VariantFormat[] = ['avif', 'webp', 'jpeg']

export const variantNames = (image: Image): string[] => [...new Set(image.variants.map(({ name }) => name))].sort()

export const formatsOf = (image: Image, name: string): VariantFormat[] =>
  order.filter(format => image.variants.some(variant => variant.name === name && variant.format === format))

export interface VariantChoice {
  name: string
  format: VariantFormat
}

/** The chosen variant, or the nearest one that exists: the smallest `full` is what most visitors get. */
export function chooseVariant(image: Image, { name, format }: VariantChoice): Variant | null {
  const sameName = image.variants.filter(variant => variant.name === name)
  const pool = sameName.length > 0 ? sameName : image.variants
  return pool.find(variant => variant.format === format) ?? pool[0] ?? null
}

/** Best first within each name, the larger variant before its thumb. */
export function sortedVariants(image: Image): Variant[] {
  return image.variants.toSorted(
    (a, b) => b.width - a.width || a.name.localeCompare(b.name) || order.indexOf(a.format) - order.indexOf(b.format),
  )
}

const SAME_FRAME = 0.01

/** A variant that crops the original cannot be laid over it. */
export function showsSameFrame(
  image: Pick<Image, 'width' | 'height'>,
  variant: Pick<Variant, 'width' | 'height'>,
): boolean {
  if (image.width === null || image.height === null) return false
  const ratio = variant.width / variant.height / (image.width / image.height)
  // One pixel of rounding is much of a narrow picture.
  const rounding = 1 / Math.min(variant.width, variant.height)
  return Math.abs(ratio - 1) <= SAME_FRAME + rounding
}
