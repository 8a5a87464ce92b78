import type { AuditAction, AuditEntry } from '@calotype/sdk'
import { type Names, whoOf } from '../security-log/sentences.ts'

export const actionWord: Record<AuditAction, string> = {
  'image.deleted': 'Image deleted',
  'image.restored': 'Image restored',
  'image.replaced': 'Picture replaced',
  'original.downloaded': 'Original downloaded',
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
  'cost.overridden': 'Cost limit overridden',
  'storage.repaired': 'Storage repaired',
}

const acts: Record<AuditAction, (where: string) => string> = {
  'image.deleted': where => `deleted an image${within(where)}`,
  'image.restored': where => `restored an image${within(where)}`,
  'image.replaced': where => `replaced a picture${within(where)}`,
  'original.downloaded': where => `downloaded an original${within(where)}`,
  'key.created': () => 'made a key',
  'key.revoked': () => 'revoked a key',
  'member.invited': () => 'invited somebody',
  'member.joined': () => 'joined',
  'member.changed': () => 'changed what a member may do',
  'member.removed': () => 'ended a membership',
  'project.created': where => `made a project${where === '' ? '' : `, ${where}`}`,
  'project.changed': where => `changed the settings${where === '' ? '' : ` of ${where}`}`,
  'project.deleted': () => 'deleted a project',
  'organization.deleted': () => 'deleted the organisation',
  'cost.overridden': () => 'overrode the cost limit',
  'storage.repaired': where => `repaired the storage${where === '' ? '' : ` of ${where}`}`,
}

const within = (where: string): string => (where === '' ? '' : ` of ${where}`)

/** Who did what, in one sentence without its full stop. */
export function sentenceOf({ action, actor, project_id: projectId }: AuditEntry, names: Names): string {
  const where = projectId === null ? '' : (names.projects.get(projectId) ?? '')
  return `${whoOf(actor, names)} ${acts[action](where)}`
}

/** Which image an entry is about, for a link to it. */
export const imageOf = ({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>): string | null =>
  action.startsWith('image.') || action === 'original.downloaded' ? subject : null
