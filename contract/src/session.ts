import { z } from 'zod'
import { Id } from './scalars.ts'

export const SessionRequest = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'SessionRequest' })

export const Project = z
  .object({
    id: Id,
    name: z.string(),
    allowed_types: z.array(z.string()),
    min_bytes: z.number().int(),
    max_bytes: z.number().int(),
    visibility: z.enum(['private', 'public']),
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

export const Me = z
  .object({
    kind: z.enum(['user', 'api_key', 'service']),
    id: z.string(),
    organization_id: Id,
    role: z.enum(['owner', 'admin', 'member', 'viewer']),
    default_project: Project,
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>
