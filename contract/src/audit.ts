import { z } from 'zod'
import { Id, PageQuery, Sha256, Timestamp } from './scalars.ts'

export const AuditAction = z.enum([
  'image.deleted',
  'image.restored',
  'image.replaced',
  'image.purged',
  'entity.deleted',
  'original.downloaded',
  'original.viewed',
  'key.created',
  'key.revoked',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'project.created',
  'project.changed',
  'project.deleted',
  'share.created',
  'share.revoked',
  'webhook.created',
  'webhook.changed',
  'webhook.rotated',
  'webhook.deleted',
  'organization.deleted',
  'cost.overridden',
  'storage.repaired',
])
export type AuditAction = z.infer<typeof AuditAction>

export const AuditQuery = PageQuery.extend({
  action: AuditAction.optional(),
  actor_id: z.string().min(1).max(255).optional(),
  subject: z.string().min(1).max(255).optional(),
  project_id: Id.optional(),
})

/** Where an entry stands in the chain of its organisation. */
export const AuditSeal = z
  .object({ seq: z.number().int().min(1), prev_hash: Sha256, hash: Sha256 })
  .meta({ id: 'AuditSeal' })

/** Who did what, written together with what was done. */
export const AuditEntry = z
  .object({
    id: Id,
    at: Timestamp,
    action: AuditAction,
    actor: z.object({ kind: z.enum(['user', 'api_key', 'service']), id: z.string() }),
    project_id: Id.nullable(),
    subject: z.string().nullable().meta({ description: 'Id of what it was done to, for example an image.' }),
    detail: z.string(),
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
    seal: AuditSeal.nullable().meta({ description: 'Null until the entry is in the chain, a minute at most.' }),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditLog = z
  .object({ items: z.array(AuditEntry), next_cursor: z.string().nullable() })
  .meta({ id: 'AuditLog' })
export type AuditLog = z.infer<typeof AuditLog>

/** Heads of a chain that were kept elsewhere and can be asked about at once. */
export const MAX_AUDIT_HEADS = 100

export const AuditHead = z.object({ seq: z.number().int().min(0), hash: Sha256 }).meta({ id: 'AuditHead' })

export const AuditVerifyQuery = z.object({
  organization_id: Id.optional(),
  head: z
    .string()
    .max(MAX_AUDIT_HEADS * 90)
    .optional()
    .meta({
      description: '`seq:hash`, separated by commas: heads that were kept elsewhere, in the program’s log for example.',
    }),
})

export const AuditReport = z
  .object({
    ok: z.boolean(),
    entries: z.number().int().meta({ description: 'Entries in the chain.' }),
    unsealed: z.number().int().meta({ description: 'Entries that wait for their place in it.' }),
    head: AuditHead.meta({ description: 'The last entry: keep it elsewhere, and the end cannot be cut off unseen.' }),
    problem_count: z.number().int(),
    problems: z
      .array(
        z.object({
          kind: z.enum(['missing', 'altered', 'unlinked', 'head_differs', 'truncated']),
          seq: z.number().int(),
          id: z.string().nullable(),
          detail: z.string(),
        }),
      )
      .meta({ description: 'The first 100.' }),
  })
  .meta({ id: 'AuditReport' })
export type AuditReport = z.infer<typeof AuditReport>
