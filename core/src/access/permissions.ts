export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = [
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
] as const
export type Action = (typeof ACTIONS)[number]

const VIEWER: readonly Action[] = ['image.read']
const MEMBER: readonly Action[] = [...VIEWER, 'image.write', 'image.delete_own', 'image.read_private', 'share.manage']
const ADMIN: readonly Action[] = [...MEMBER, 'image.delete', 'project.manage', 'access.manage']
const OWNER: readonly Action[] = [...ADMIN, 'organization.own']

/** Who may do what: the only table. Reporting analysis is for service credentials alone, by scope. */
export const PERMISSIONS: Record<Role, readonly Action[]> = {
  owner: OWNER,
  admin: ADMIN,
  member: MEMBER,
  viewer: VIEWER,
}

/** What no scope covers: the keys of the house, and handing pictures to strangers. */
const NEVER_SCOPES = ['share.manage', 'access.manage', 'organization.own'] as const
const isScope = (action: Action): action is Scope => !NEVER_SCOPES.some(never => never === action)

/** What a credential can be narrowed to, or a service be given: nobody hands out the keys of the house to a program. */
export type Scope = Exclude<Action, (typeof NEVER_SCOPES)[number]>
export const SCOPES: readonly Scope[] = ACTIONS.filter(isScope)

/** What each action is, in words; docs/permissions.md is made of it. */
export const ACTION_MEANINGS: Record<Action, string> = {
  'image.read': 'see images, variants and events, and sign URLs of variants',
  'image.write': 'upload, try again, change texts',
  'image.delete_own': 'delete and restore what the credential uploaded itself',
  'image.delete': 'delete and restore every image',
  'image.read_private': 'read originals and the place where a photo was taken',
  'analysis.write': 'report what a pipeline found in an image',
  'share.manage': 'make, list and revoke share links',
  'project.manage': 'make, change and delete projects and their settings',
  'access.manage': 'members, invitations, API keys and the security log',
  'organization.own': 'delete the organisation, make and unmake owners',
}

/** Whether the first role is the second or below it. */
export const isWithin = (role: Role, bound: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(bound)
