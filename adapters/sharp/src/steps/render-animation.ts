import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  type RenderedVariant,
  type VariantFormat,
  type VariantSpec,
} from '@calotype/core'
import { ANIMATION_MAX_BYTES, encodeAnimation } from '../animation/encode-animation.ts'
import { decodeFrames, type Frames, scaleFrames } from '../animation/frames.ts'
import { variantSides, workingSides } from '../encoding/geometry.ts'
import type { Previewed, Rendered } from './context.ts'
import { asCorrupt } from './decoder-error.ts'
import { renderVariants } from './render-variants.ts'
import { verify } from './verify.ts'

const MOVING: VariantFormat = 'webp'
const STILL: VariantFormat = 'jpeg'

const decodeAll = async ({ request, header }: Previewed): Promise<Frames> => {
  try {
    return await decodeFrames(request.source, header, workingSides(header, request.recipe.variants), header)
  } catch (error) {
    throw asCorrupt(error, request.source)
  }
}

/** @returns null where no animation fits the target */
const make = async (context: Previewed, frames: Frames, spec: VariantSpec): Promise<RenderedVariant | null> => {
  const before = process.cpuUsage()
  const sides = variantSides(frames, spec)
  const scaled = await scaleFrames(frames, sides, spec.fit === 'cover' ? 'cover' : 'fill')
  const encoded = await encodeAnimation(scaled, ANIMATION_MAX_BYTES)
  if (encoded === null) return null
  await verify(MOVING, encoded)
  const { file, width, height, quality, effort, encodes, probes } = encoded
  const path = join(context.request.outputDirectory, `${spec.name}.${FORMAT_EXTENSIONS[MOVING]}`)
  await writeFile(path, file, { flag: 'wx' })
  const { user, system } = process.cpuUsage(before)
  const cpu_ms = Math.round((user + system) / 1000)
  const encoding = { quality, effort, chroma_subsampling: '4:2:0' as const, score: null, encodes, probes, cpu_ms }
  const contentType = FORMAT_CONTENT_TYPES[MOVING]
  return { name: spec.name, format: MOVING, contentType, width, height, sizeBytes: file.length, path, encoding }
}

/** The same request with only these formats. */
const restrictedTo = (context: Previewed, format: VariantFormat): Previewed => {
  const { request } = context
  const variants = request.recipe.variants.map(spec => ({ ...spec, formats: [format] }))
  return { ...context, request: { ...request, recipe: { ...request.recipe, variants } } }
}

/**
 * Renders an image that moves: each variant as animated WebP, and as a JPEG of the first frame for those who know no
 * WebP. No AVIF: a browser that prefers it would be given a still (requirement V9).
 * @throws corrupt_image where a frame cannot be decoded
 */
export const renderAnimation = async (context: Previewed): Promise<Rendered> => {
  const frames = await decodeAll(context)
  const stills = await renderVariants(restrictedTo(context, STILL))
  const variants: RenderedVariant[] = []
  const omitted = [...stills.omitted]
  for (const spec of context.request.recipe.variants) {
    const moving = spec.formats.includes(MOVING) ? await make(context, frames, spec) : null
    if (moving !== null) variants.push(moving)
    variants.push(...stills.variants.filter(({ name }) => name === spec.name))
    for (const format of spec.formats) {
      if (format === STILL || (format === MOVING && moving !== null)) continue
      const reason = format === MOVING ? `no animation fits ${ANIMATION_MAX_BYTES} bytes` : 'it would not move'
      omitted.push({ name: spec.name, format, reason })
    }
  }
  return { ...stills, request: context.request, variants, omitted }
}
