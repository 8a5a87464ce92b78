import { z } from 'zod'
import { Name, Role } from './organizations.ts'
import { Id, Timestamp } from './scalars.ts'

export const MAX_KEY_PROJECTS = 100

export const Action = z.enum([
  'image.read',
  'image.write',
  'image.delete_own',
  'image.delete',
  'image.read_private',
  'analysis.write',
  'share.manage',
  'project.manage',
  'access.manage',
  'organization.own',
])
export type Action = z.infer<typeof Action>

/** Actions that a service key may be given; the others belong to people and their roles. */
export const Scope = z.enum([
  'image.read',
  'image.write',
  'image.delete_own',
  'image.delete',
  'image.read_private',
  'analysis.write',
  'project.manage',
])
export type Scope = z.infer<typeof Scope>

export const ApiKeyRequest = z
  .object({
    name: Name,
    kind: z.enum(['api_key', 'service']).default('api_key'),
    role: Role.optional().meta({ description: 'Of an API key: what it may do. Never above the role of its maker.' }),
    scopes: z
      .array(Scope)
      .min(1)
      .max(Scope.options.length)
      .optional()
      .meta({ description: 'The only actions that the key may do; a service key needs them.' }),
    project_ids: z
      .array(Id)
      .min(1)
      .max(MAX_KEY_PROJECTS)
      .optional()
      .meta({ description: 'The only projects that the key reaches; without it all of the organisation.' }),
    expires_at: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'ApiKeyRequest' })
export type ApiKeyRequest = z.infer<typeof ApiKeyRequest>

export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    kind: z.enum(['api_key', 'service']),
    role: Role.nullable(),
    scopes: z.array(Scope).nullable(),
    project_ids: z.array(Id).nullable(),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

export const NewApiKey = ApiKey.extend({
  key: z.string().optional().meta({ description: 'The secret, answered once and never again.' }),
}).meta({ id: 'NewApiKey' })
export type NewApiKey = z.infer<typeof NewApiKey>

export const ApiKeyList = z
  .object({ items: z.array(ApiKey), next_cursor: z.string().nullable() })
  .meta({ id: 'ApiKeyList' })
export type ApiKeyList = z.infer<typeof ApiKeyList>
