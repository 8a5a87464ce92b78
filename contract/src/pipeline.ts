import { z } from 'zod'
import { DEFAULT_PAGE, Id, MAX_PAGE, Timestamp } from './scalars.ts'

export const MessageStatus = z.enum(['waiting', 'delivered', 'failed']).meta({
  description:
    '`delivered`: the queue took it, or the pipeline reported on the image. Without a queue messages wait here to be read.',
})
export type MessageStatus = z.infer<typeof MessageStatus>

/** A message for the detection pipeline. */
export const PipelineMessage = z
  .object({
    id: Id,
    project_id: Id,
    status: MessageStatus,
    message: z
      .object({
        photo_id: Id,
        s3_url: z.string().nullable().meta({ description: 'Where the original lies now; null when it is not kept.' }),
        detection_types: z.array(z.string()),
        priority: z.enum(['low', 'normal', 'high']),
      })
      .meta({ description: 'As it goes to the queue.' }),
    attempts: z.number().int().nonnegative(),
    last_error: z.string().nullable(),
    created_at: Timestamp,
    next_attempt_at: Timestamp.nullable(),
    delivered_at: Timestamp.nullable(),
  })
  .meta({ id: 'PipelineMessage' })
export type PipelineMessage = z.infer<typeof PipelineMessage>

export const PipelineQuery = z.object({
  status: MessageStatus.optional(),
  project_id: Id.optional(),
  cursor: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})

export const PipelineMessageList = z
  .object({ items: z.array(PipelineMessage), next_cursor: z.string().nullable() })
  .meta({ id: 'PipelineMessageList' })
export type PipelineMessageList = z.infer<typeof PipelineMessageList>

/** What a pipeline reports; or what an uploader does who has no `complete`. */
export const StatusPatch = z
  .union([
    z.strictObject({
      analysis_status: z.enum(['processing', 'completed', 'failed']),
      result: z
        .unknown()
        .optional()
        .meta({ description: 'Any JSON of at most 65,536 bytes and 20 levels; needs the scope `analysis.write`.' }),
    }),
    z.strictObject({ status: z.literal('uploaded') }).meta({ description: 'The same as `complete`.' }),
  ])
  .meta({ id: 'StatusPatch' })
export type StatusPatch = z.input<typeof StatusPatch>
