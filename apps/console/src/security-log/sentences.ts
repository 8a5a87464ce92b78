import type { SecurityEntry, SecurityEvent } from '@calotype/sdk'

/** What people call things, by their ids. */
export interface Names {
  people: ReadonlyMap<string, string>
  keys: ReadonlyMap<string, string>
  projects: ReadonlyMap<string, string>
}

export const eventWord: Record<SecurityEvent, string> = {
  'sign_in.succeeded': 'Signed in',
  'sign_in.refused': 'Sign-in refused',
  'credential.refused': 'Credential refused',
  'access.refused': 'Access refused',
  'upload.refused': 'Upload refused',
  'rate.limited': 'Too many calls',
  'key.created': 'Key made',
  'key.revoked': 'Key revoked',
  'member.invited': 'Member invited',
  'member.joined': 'Member joined',
  'member.changed': 'Role changed',
  'member.removed': 'Member removed',
  'project.created': 'Project made',
  'project.changed': 'Project changed',
  'project.deleted': 'Project deleted',
  'organization.deleted': 'Organisation deleted',
}

const acts: Record<SecurityEvent, (who: string, where: string) => string> = {
  'sign_in.succeeded': who => `${who} signed in`,
  'sign_in.refused': who => `${who} tried to sign in and was refused`,
  'credential.refused': () => 'A call without a good credential was refused',
  'access.refused': who => `${who} asked for more than their rights allow`,
  'upload.refused': (who, where) => `An upload by ${inside(who)}${where} was refused`,
  'rate.limited': who => `${who} went too fast and had to wait`,
  'key.created': who => `${who} made a key`,
  'key.revoked': who => `${who} revoked a key`,
  'member.invited': who => `${who} invited somebody`,
  'member.joined': who => `${who} joined`,
  'member.changed': who => `${who} changed what a member may do`,
  'member.removed': who => `${who} ended a membership`,
  'project.created': (who, where) => `${who} made a project${where}`,
  'project.changed': (who, where) => `${who} changed the settings${where}`,
  'project.deleted': who => `${who} deleted a project`,
  'organization.deleted': who => `${who} deleted the organisation`,
}

const NOBODY = 'Somebody not signed in'
/** In the middle of a sentence only names keep their capital. */
const inside = (who: string): string =>
  who.startsWith('Somebody ') || who.startsWith('The ') || who.startsWith('A ')
    ? who.charAt(0).toLowerCase() + who.slice(1)
    : who

/** Who did what, in one sentence without its full stop. */
export function sentenceOf({ event, actor, project_id }: SecurityEntry, names: Names): string {
  const project = project_id === null ? undefined : names.projects.get(project_id)
  const joint = event === 'project.changed' ? 'of' : event === 'project.created' ? '' : 'to'
  const where = project === undefined ? '' : joint === '' ? `, ${project}` : ` ${joint} ${project}`
  return acts[event](whoOf(actor, names), where)
}

/** Who it was, as people call them. */
export function whoOf(actor: SecurityEntry['actor'], names: Names): string {
  if (actor === null) return NOBODY
  if (actor.kind === 'user') return names.people.get(actor.id) ?? 'Somebody who is no member'
  const kind = actor.kind === 'service' ? 'service key' : 'key'
  const name = names.keys.get(actor.id)
  return name === undefined ? `A ${kind} that is gone` : `The ${kind} “${name}”`
}

const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g

/** The words of the server with names instead of ids, where they are known. */
export const plainDetail = (detail: string, { people, keys, projects }: Names): string =>
  detail.replace(
    ID,
    id => people.get(id) ?? projects.get(id) ?? (keys.has(id) ? `“${keys.get(id)}”` : `…${id.slice(-6)}`),
  )

/** Refusals are worth a second look. */
export const isRefusal = (event: SecurityEvent): boolean => event.endsWith('.refused') || event === 'rate.limited'
