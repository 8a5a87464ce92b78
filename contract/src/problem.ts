import { z } from 'zod'

/** RFC 9457 problem details, with a stable code. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'URL of the documentation of this error.' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable, snake_case.', example: 'file_too_large' }),
    request_id: z.string(),
    image_id: z.string().optional(),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'limit, actual, allowed, reason as they apply.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
