import { z } from 'zod'
import { DEFAULT_PAGE, Id, MAX_PAGE, Timestamp } from './scalars.ts'

export const SecurityEvent = z.enum([
  'sign_in.refused',
  'sign_in.succeeded',
  'credential.refused',
  'access.refused',
  'upload.refused',
  'rate.limited',
  'key.created',
  'key.revoked',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'project.created',
  'project.changed',
  'project.deleted',
  'webhook.created',
  'webhook.changed',
  'webhook.rotated',
  'webhook.deleted',
  'organization.deleted',
])
export type SecurityEvent = z.infer<typeof SecurityEvent>

export const SecurityLogQuery = z.object({
  event: SecurityEvent.optional(),
  project_id: Id.optional(),
  cursor: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
})

/** Who did what, from where, and by which rule it was refused. Never a secret, a token or a place. */
export const SecurityEntry = z
  .object({
    id: Id,
    at: Timestamp,
    event: SecurityEvent,
    actor: z.object({ kind: z.enum(['user', 'api_key', 'service']), id: z.string() }).nullable(),
    ip: z.string().nullable(),
    project_id: Id.nullable(),
    code: z.string().nullable().meta({ description: 'The error code of a refusal.' }),
    detail: z.string(),
    request_id: z.string().nullable(),
    count: z.number().int().min(1).meta({ description: 'How often within one minute; repeats are one entry.' }),
  })
  .meta({ id: 'SecurityEntry' })
export type SecurityEntry = z.infer<typeof SecurityEntry>

export const SecurityLog = z
  .object({ items: z.array(SecurityEntry), next_cursor: z.string().nullable() })
  .meta({ id: 'SecurityLog' })
export type SecurityLog = z.infer<typeof SecurityLog>
