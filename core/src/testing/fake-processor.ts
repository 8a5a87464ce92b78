import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  FORMAT_CONTENT_TYPES,
  FORMAT_EXTENSIONS,
  type ImageProcessor,
  type RenderedVariant,
  type RenderRequest,
  type RenderResult,
} from '../rendering/index.ts'
import { TEST_ENCODING, testMetadata } from './builders.ts'

export interface FakeProcessor extends ImageProcessor {
  /** What was asked for so far. */
  requests: RenderRequest[]
  /** What the next renders come to; may be changed at any time. */
  result: Partial<RenderResult>
  /** The next renders reject with this: always, or one error per render for a list, then succeed again. */
  error: Error | Error[] | null
}

/** An engine that decodes nothing: it writes a few bytes per variant and answers what it was told to. */
export function createFakeProcessor(
  options: { result?: Partial<RenderResult>; error?: Error | Error[] } = {},
): FakeProcessor {
  const fake: FakeProcessor = {
    version: 'fake-1',
    requests: [],
    result: options.result ?? {},
    error: options.error ?? null,
    render: async request => {
      fake.requests.push(request)
      const error = Array.isArray(fake.error) ? fake.error.shift() : fake.error
      if (error) throw error
      return { ...DEFAULT_RESULT, variants: await writeVariants(request), ...fake.result }
    },
    health: () => ({ ok: true, processes: 1, busy: 0, queued: 0, isolation: 'environment' }),
    close: async () => undefined,
  }
  return fake
}

const DEFAULT_RESULT: Omit<RenderResult, 'variants'> = {
  contentType: 'image/jpeg',
  width: 4032,
  height: 3024,
  animated: false,
  frames: 1,
  metadata: testMetadata(),
  placeholder: { thumbhash: 'AAAA', color: '#8a7f70' },
  perceptualHash: '0f1e2d3c4b5a6978',
  omitted: [],
  notes: [],
  timings: { queue_ms: 0, wall_ms: 1, cpu_ms: 1, peak_rss_bytes: 1_000_000 },
  steps: [],
}

async function writeVariants({ recipe, outputDirectory }: RenderRequest): Promise<RenderedVariant[]> {
  const variants: RenderedVariant[] = []
  for (const { name, width, height, formats } of recipe.variants) {
    for (const format of formats) {
      const bytes = Buffer.from(`${recipe.id} ${name} ${format}`)
      const path = join(outputDirectory, `${name}.${FORMAT_EXTENSIONS[format]}`)
      await writeFile(path, bytes)
      const contentType = FORMAT_CONTENT_TYPES[format]
      const sizeBytes = bytes.length
      variants.push({ name, format, contentType, width, height, sizeBytes, path, encoding: TEST_ENCODING })
    }
  }
  return variants
}
