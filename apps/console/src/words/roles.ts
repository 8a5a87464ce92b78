import type { Role } from '@calotype/sdk'

/** From most to least. */
export const roles: readonly Role[] = ['owner', 'admin', 'member', 'viewer']

export const roleWord: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', viewer: 'Viewer' }

/** What the role means, after its name and a colon. */
export const roleSentence: Record<Role, string> = {
  owner: 'everything, also deleting the organisation.',
  admin: 'managing projects, people and keys, and deleting any image.',
  member: 'uploading, and deleting own uploads.',
  viewer: 'looking at images, and copying links to them.',
}

/** The roles that somebody may give: owners are made by owners only. */
export const rolesToGive = (mayOwn: boolean): readonly Role[] =>
  mayOwn ? roles : roles.filter(role => role !== 'owner')
