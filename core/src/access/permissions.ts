export const ROLES = ['owner', 'admin', 'member', 'viewer'] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = [
  'image.read',
  'image.write',
  'image.delete_own',
  'image.delete',
  'image.read_private',
  'analysis.write',
  'project.manage',
  'access.manage',
  'organization.own',
] as const
export type Action = (typeof ACTIONS)[number]

const VIEWER: readonly Action[] = ['image.read']
const MEMBER: readonly Action[] = [...VIEWER, 'image.write', 'image.delete_own', 'image.read_private']
const ADMIN: readonly Action[] = [...MEMBER, 'image.delete', 'project.manage', 'access.manage']
const OWNER: readonly Action[] = [...ADMIN, 'organization.own']

/** Who may do what: the only table. Reporting analysis is for service credentials alone, by scope. */
export const PERMISSIONS: Record<Role, readonly Action[]> = {
  owner: OWNER,
  admin: ADMIN,
  member: MEMBER,
  viewer: VIEWER,
}
