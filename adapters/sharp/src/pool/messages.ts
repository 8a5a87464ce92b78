import { RENDER_STEPS, type RenderRequest, type RenderResult, VARIANT_FORMATS } from '@calotype/core'
import { z } from 'zod'

/** What parent and engine process say to each other over IPC. Both sides parse what they hear. */

const format = z.enum(VARIANT_FORMATS)

const renderRequest = z.object({
  source: z.string().min(1),
  outputDirectory: z.string().min(1),
  declaredType: z.string().nullable(),
  limits: z.object({
    allowedTypes: z.array(z.string()),
    maxSide: z.number(),
    maxPixels: z.number(),
    maxFrames: z.number(),
    maxAnimationPixels: z.number(),
  }),
  recipe: z.object({
    id: z.string(),
    variants: z.array(
      z.object({
        name: z.string(),
        width: z.int().min(1),
        height: z.int().min(1),
        fit: z.enum(['cover', 'inside']),
        formats: z.array(format),
        maxBytes: z.int().min(1).nullable(),
      }),
    ),
  }),
}) satisfies z.ZodType<RenderRequest>

const renderMessage = z.object({
  type: z.literal('render'),
  job: z.int(),
  lanes: z.int().min(1),
  memoryLimitBytes: z.number(),
  memoryCeilingBytes: z.number(),
  request: renderRequest,
})
export type RenderMessage = z.infer<typeof renderMessage>

const metadata = z.object({
  camera_make: z.string().nullable(),
  camera_model: z.string().nullable(),
  captured_at: z.string().nullable(),
  orientation: z.int(),
  gps: z.object({ latitude: z.number(), longitude: z.number(), altitude: z.number().nullable() }).nullable(),
  focal_length_mm: z.number().nullable(),
  iso: z.number().nullable(),
  exposure_time_s: z.number().nullable(),
  f_number: z.number().nullable(),
  flash: z.boolean().nullable(),
  color_space: z.string().nullable(),
  exif: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.number())])),
})

const variant = z.object({
  name: z.string(),
  format,
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
  sizeBytes: z.int(),
  path: z.string(),
  encoding: z.object({
    quality: z.number(),
    effort: z.number(),
    chroma_subsampling: z.enum(['4:4:4', '4:2:0']),
    score: z.number().nullable(),
    encodes: z.int(),
    probes: z.int(),
    cpu_ms: z.number(),
  }),
})

const engineResult = z.object({
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
  animated: z.boolean(),
  frames: z.int(),
  metadata,
  placeholder: z.object({ thumbhash: z.string(), color: z.string() }),
  perceptualHash: z.string().regex(/^[0-9a-f]{16}$/),
  variants: z.array(variant),
  omitted: z.array(z.object({ name: z.string(), format, reason: z.string() })),
  notes: z.array(z.string()),
  steps: z.array(z.object({ step: z.enum(RENDER_STEPS), startMs: z.number(), endMs: z.number() })),
  cpu_ms: z.number(),
})

/** What the engine process knows of a result; queueing, wall time and memory are measured by the parent. */
export type EngineResult = Omit<RenderResult, 'timings'> & { cpu_ms: number }

const refusal = z.object({
  kind: z.enum(['content', 'too_large', 'processing']),
  code: z.string(),
  message: z.string(),
  details: z.object({
    limit: z.union([z.number(), z.string()]).exactOptional(),
    actual: z.union([z.number(), z.string()]).exactOptional(),
    allowed: z.array(z.string()).exactOptional(),
    reason: z.string().exactOptional(),
  }),
})
export type Refusal = z.infer<typeof refusal>

const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('done'), job: z.int(), result: engineResult }),
  z.object({ type: z.literal('refused'), job: z.int(), error: refusal }),
  z.object({ type: z.literal('deferred'), job: z.int(), neededBytes: z.number() }),
  z.object({ type: z.literal('failed'), job: z.int(), reason: z.string() }),
])
export type HeardFromWorker = z.infer<typeof fromWorker>

/** What an engine process may say; looser than what is heard, as errors of the core carry more. */
export type FromWorker =
  | { type: 'ready' }
  | { type: 'done'; job: number; result: EngineResult }
  | { type: 'refused'; job: number; error: { kind: string; code: string; message: string; details: object } }
  | { type: 'deferred'; job: number; neededBytes: number }
  | { type: 'failed'; job: number; reason: string }

/** @throws ZodError when the parent says something else */
export const parseToWorker = (raw: unknown): RenderMessage => renderMessage.parse(raw)

/** @returns null for anything that is no message of this protocol: the process is not to be trusted any more */
export const parseFromWorker = (raw: unknown): HeardFromWorker | null => fromWorker.safeParse(raw).data ?? null
