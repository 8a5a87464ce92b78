import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  type RenderedVariant,
  type VariantFormat,
  type VariantSpec,
} from '@calotype/core'
import { encodeFormat } from '../encoding/encode-format.ts'
import { FORMAT_PROFILES } from '../encoding/formats.ts'
import { inLanes } from '../encoding/lanes.ts'
import { sourceOf, type VariantSource } from '../encoding/variant-source.ts'
import type { Previewed, Rendered } from './context.ts'
import { verify } from './verify.ts'

const SAFE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
/** Formats whose originals are already what a variant of them would be. */
const FORMATS_BY_TYPE = new Map(Object.entries(FORMAT_CONTENT_TYPES).map(([format, type]) => [type, format]))

/** The size of the original where a variant of this format and these sides could as well be the original. */
const originalBytes = (
  { header, request }: Previewed,
  { pixels }: VariantSource,
  format: VariantFormat,
): number | null => {
  if (header.animated || FORMATS_BY_TYPE.get(header.contentType) !== format) return null
  if (header.width !== pixels.width || header.height !== pixels.height) return null
  return statSync(request.source).size
}

/** Five decimals: more than any eye can tell. */
const rounded = (score: number | null): number | null => (score === null ? null : Math.round(score * 1e5) / 1e5)

/** A made variant with the wall time that it took; CPU is shared out by it afterwards. */
interface Made {
  variant: RenderedVariant
  wallMs: number
}

const make = async (context: Previewed, source: VariantSource, format: VariantFormat): Promise<Made | null> => {
  const started = performance.now()
  const encoded = await encodeFormat(source, format, originalBytes(context, source, format))
  if (encoded === null) return null
  await verify(format, encoded)
  const { file, width, height, quality, encodes, probes, score } = encoded
  const { name } = source.spec
  const path = join(context.request.outputDirectory, `${name}.${FORMAT_EXTENSIONS[format]}`)
  // The process has one job; by the thread pool a small file takes more CPU than its write.
  writeFileSync(path, file, { flag: 'wx' })
  const { effort, chroma } = FORMAT_PROFILES[format]
  const encoding = { quality, effort, chroma_subsampling: chroma, score: rounded(score), encodes, probes, cpu_ms: 0 }
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
  const sources = new Map<VariantSpec, Promise<VariantSource>>()
  const tasks = bySize.flatMap(spec =>
    spec.formats.map(format => async () => {
      const source = sources.get(spec) ?? sourceOf(context.pixels, context.header, spec)
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
