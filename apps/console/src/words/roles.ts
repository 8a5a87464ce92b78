import type { Role } from '@calotype/sdk'

/** From most to least. */
export const roles: readonly Role[] = ['owner', 'admin', 'member', 'viewer']

export const roleWord: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', viewer: 'Viewer' }

/** What one may do, after “as a member:”. */
export const roleSentence: Record<Role, string> = {
  owner: 'everything, also deleting the organisation.',
  admin: 'manage projects, people and keys, and delete any image.',
  member: 'upload, and delete what you uploaded.',
  viewer: 'look at images and copy links to them.',
}

/** The roles that somebody may give: owners are made by owners only. */
export const rolesToGive = (mayOwn: boolean): readonly Role[] =>
  mayOwn ? roles : roles.filter(role => role !== 'owner')
