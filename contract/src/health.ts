import { z } from 'zod'

export const Liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' })

const Part = z.object({ status: z.enum(['ok', 'down']), detail: z.string().optional() })

export const Readiness = z
  .object({
    status: z.enum(['ok', 'down']),
    parts: z.object({
      database: Part,
      replica: Part.optional(),
      storage: Part,
      events: Part,
      queue: Part.optional(),
      engine: Part.optional(),
      storage_events: Part.optional(),
      cache: Part.optional(),
    }),
  })
  .meta({ id: 'Readiness' })
export type Readiness = z.infer<typeof Readiness>
