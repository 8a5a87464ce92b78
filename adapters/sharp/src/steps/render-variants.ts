import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  type RenderedVariant,
  type VariantFormat,
  type VariantSpec,
} from '@calotype/core'
import { FORMAT_PROFILES } from '../encoding/formats.ts'
import { variantSides } from '../encoding/geometry.ts'
import { inLanes } from '../encoding/lanes.ts'
import { flattenOnWhite, type Pixels, pipelineOf, scaleTo, toPixels } from '../encoding/pixels.ts'
import { type Encoded, encodeWithin } from '../encoding/search.ts'
import type { Previewed, Rendered } from './context.ts'
import { verify } from './verify.ts'

const SAFE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
/** A picture of so few pixels fits any target at any ceiling: nothing needs to be foretold. */
const MOST_BITS_PER_PIXEL = 8

/** The pixels of one variant and the size of their scout, shared by its formats. */
interface VariantPixels {
  spec: VariantSpec
  pixels: Pixels
  flat: Pixels
  scoutBytes: number | null
}

const resizeFor = async (context: Previewed, spec: VariantSpec): Promise<VariantPixels> => {
  const { width, height } = variantSides(context.header, spec)
  const pixels =
    spec.fit === 'cover'
      ? await toPixels(pipelineOf(context.pixels).resize({ width, height, fit: 'cover' }))
      : await scaleTo(context.pixels, width, height)
  const flat = await flattenOnWhite(pixels)
  const unbound = spec.maxBytes === null || (width * height * MOST_BITS_PER_PIXEL) / 8 < spec.maxBytes
  const { probe, ceiling } = FORMAT_PROFILES.jpeg
  return { spec, pixels, flat, scoutBytes: unbound ? null : (await probe(flat, ceiling)).length }
}

const encodeFormat = async (source: VariantPixels, format: VariantFormat): Promise<Encoded | null> => {
  const profile = FORMAT_PROFILES[format]
  const pixels = format === 'jpeg' ? source.flat : source.pixels
  const { maxBytes } = source.spec
  if (maxBytes !== null && source.scoutBytes !== null) return encodeWithin(profile, pixels, maxBytes, source.scoutBytes)
  const quality = profile.ceiling
  const file = await profile.encode(pixels, quality)
  if (maxBytes !== null && file.length > maxBytes) return encodeWithin(profile, pixels, maxBytes, file.length)
  return { file, width: pixels.width, height: pixels.height, quality, encodes: 1, probes: 0 }
}

/** A made variant with the wall time that it took; CPU is shared out by it afterwards. */
interface Made {
  variant: RenderedVariant
  wallMs: number
}

const make = async (context: Previewed, source: VariantPixels, format: VariantFormat): Promise<Made | null> => {
  const started = performance.now()
  const encoded = await encodeFormat(source, format)
  if (encoded === null) return null
  await verify(format, encoded)
  const { file, width, height, quality, encodes, probes } = encoded
  const { name } = source.spec
  const path = join(context.request.outputDirectory, `${name}.${FORMAT_EXTENSIONS[format]}`)
  await writeFile(path, file, { flag: 'wx' })
  const { effort, chroma } = FORMAT_PROFILES[format]
  const encoding = { quality, effort, chroma_subsampling: chroma, score: null, encodes, probes, cpu_ms: 0 }
  const contentType = FORMAT_CONTENT_TYPES[format]
  const variant = { name, format, contentType, width, height, sizeBytes: file.length, path, encoding }
  return { variant, wallMs: performance.now() - started }
}

/** CPU is counted per process: what overlapped is shared out by the time that each file took. */
const shareCpu = (made: readonly Made[], cpuMs: number): RenderedVariant[] => {
  const sum = made.reduce((total, { wallMs }) => total + wallMs, 0) || 1
  return made.map(({ variant, wallMs }) => ({
    ...variant,
    encoding: { ...variant.encoding, cpu_ms: Math.round((cpuMs * wallMs) / sum) },
  }))
}

/**
 * Makes every format of every variant of the recipe from the pixels and writes the files into the output directory.
 * A format that cannot be made within its target is left out with the reason; JPEG may not be missing.
 */
export const renderVariants = async (context: Previewed): Promise<Rendered> => {
  const { variants: specs } = context.request.recipe
  for (const { name } of specs) if (!SAFE_NAME.test(name)) throw new Error('a variant name is not a file name')
  const before = process.cpuUsage()
  // Largest first and AVIF, the slowest, before the others: the lanes end together.
  const bySize = specs.toSorted((a, b) => b.width * b.height - a.width * a.height)
  const sources = new Map<VariantSpec, Promise<VariantPixels>>()
  const tasks = bySize.flatMap(spec =>
    spec.formats.map(format => async () => {
      const source = sources.get(spec) ?? resizeFor(context, spec)
      sources.set(spec, source)
      return { spec, format, made: await make(context, await source, format) }
    }),
  )
  const results = await inLanes(tasks, context.lanes)
  const omitted = results
    .filter(({ made }) => made === null)
    .map(({ spec, format }) => ({ name: spec.name, format, reason: `no picture fits ${spec.maxBytes} bytes` }))
  if (omitted.some(({ format }) => format === 'jpeg')) throw new Error('a byte target leaves no room for a JPEG')
  const { user, system } = process.cpuUsage(before)
  const inRecipeOrder = specs.flatMap(spec => results.filter(result => result.spec === spec))
  const variants = shareCpu(
    inRecipeOrder.flatMap(({ made }) => made ?? []),
    (user + system) / 1000,
  )
  return { ...context, variants, omitted }
}
