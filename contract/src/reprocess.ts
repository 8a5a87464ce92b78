import { z } from 'zod'
import { Id, Timestamp } from './scalars.ts'

export const MAX_REPROCESS_IMAGES = 1_000

export const ReprocessRequest = z
  .object({
    project_id: Id.optional(),
    image_ids: z
      .array(Id)
      .min(1)
      .max(MAX_REPROCESS_IMAGES)
      .optional()
      .meta({ description: 'Only these images of the project; without it all of them.' }),
  })
  .meta({ id: 'ReprocessRequest' })
export type ReprocessRequest = z.infer<typeof ReprocessRequest>

export const ReprocessRun = z
  .object({
    id: Id,
    project_id: Id,
    state: z.enum(['running', 'paused', 'completed', 'cancelled']),
    total: z.number().int(),
    done: z.number().int(),
    failed: z.number().int(),
    skipped: z.number().int().meta({ description: 'Images that were deleted or moved meanwhile, or are not ready.' }),
    failures: z
      .array(z.object({ code: z.string(), count: z.number().int() }))
      .meta({ description: 'Why images failed; they keep the variants that they had.' }),
    started_at: Timestamp,
    finished_at: Timestamp.nullable(),
  })
  .meta({ id: 'ReprocessRun', description: 'One remaking of variants and how far it came.' })
export type ReprocessRun = z.infer<typeof ReprocessRun>
