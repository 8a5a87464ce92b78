import type { Image, ProjectSettings, Role, Scope, SecurityEvent } from '@calotype/core'
import type { Generated } from 'kysely'
import type { Json, JsonOrNull } from './json-column.ts'

export interface OrganizationTable {
  id: string
  name: string
  created_at: Generated<Date>
  deleted_at: Date | null
  installed: Generated<boolean>
}

export interface ProjectTable {
  organization_id: string
  id: string
  name: string
  settings: Json<ProjectSettings>
  created_at: Generated<Date>
  deleted_at: Date | null
}

export interface DeletedProjectTable {
  organization_id: string
  project_id: string
  deleted_at: Date
  removed_at: Date | null
}

export interface MembershipTable {
  organization_id: string
  user_id: string
  id: string
  role: Role
  joined_at: Date
}

export interface InvitationTable {
  organization_id: string
  id: string
  email: string
  role: Role
  token_hash: string
  invited_by_kind: Image['uploadedBy']['kind']
  invited_by_id: string
  created_at: Date
  expires_at: Date
  accepted_at: Date | null
  accepted_by: string | null
  revoked_at: Date | null
}

export interface ApiKeyTable {
  organization_id: string
  id: string
  name: string
  kind: Generated<'api_key' | 'service'>
  role: Role | null
  key_hash: string
  project_ids: string[] | null
  scopes: Scope[] | null
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export interface SignInLinkTable {
  organization_id: string
  token_hash: string
  created_at: Generated<Date>
  expires_at: Date
  spent_at: Date | null
}

export interface SessionTable {
  organization_id: string
  id: string
  token_hash: string
  created_at: Generated<Date>
  expires_at: Date
}

export interface UserTable {
  id: string
  name: string
  email: string
  email_verified: Generated<boolean>
  image: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface UserSessionTable {
  id: string
  user_id: string
  token: string
  active_organization_id: string | null
  ip_address: string | null
  user_agent: string | null
  expires_at: Date
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

export interface SecurityLogTable {
  organization_id: string
  id: string
  at: Date
  event: SecurityEvent
  actor_kind: 'user' | 'api_key' | 'service' | null
  actor_id: string | null
  ip: string | null
  project_id: string | null
  code: string | null
  detail: string
  request_id: string | null
  count: number
}

export interface IdempotencyKeyTable {
  organization_id: string | null
  principal: string
  route: string
  key: string
  request_hash: string
  token: string
  result: JsonOrNull<unknown>
  created_at: Date
  leased_until: Date
  expires_at: Date
}
