import type { Action, Role } from './permissions.ts'

/** The one who acts, as far as verbs care: which organisation, which projects, which role. */
export interface Actor {
  kind: 'user' | 'api_key' | 'service'
  id: string
  organizationId: string
  role: Role
  /** Projects the credential is bound to; null means every project of the organisation. */
  projectIds: readonly string[] | null
  /** Actions of a service credential; null for people and keys, whose role decides. */
  scopes: readonly Action[] | null
}
