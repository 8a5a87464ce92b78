import type { AuditAction, AuditEntry } from '@calotype/sdk'
import { changeAct, changeWord, inside, of } from '../logs/changes.ts'
import { type Names, whoOf } from '../logs/names.ts'

export const actionWord: Record<AuditAction, string> = {
  'image.deleted': 'Image deleted',
  'image.restored': 'Image restored',
  'image.replaced': 'Picture replaced',
  'image.purged': 'Image removed for good',
  'entity.deleted': 'Entity deleted',
  'original.downloaded': 'Original downloaded',
  'original.viewed': 'Original looked at',
  'share.created': 'Share link made',
  'share.revoked': 'Share link revoked',
  'cost.overridden': 'Cost limit overridden',
  'storage.repaired': 'Storage repaired',
  ...changeWord,
}

const acts: Record<AuditAction, (project: string) => string> = {
  'image.deleted': project => `deleted an image${of(project)}`,
  'image.restored': project => `restored an image${of(project)}`,
  'image.replaced': project => `replaced a picture${of(project)}`,
  'image.purged': project => `removed a deleted image${of(project)} for good`,
  'entity.deleted': project => `deleted an entity${of(project)} with its pictures`,
  'original.downloaded': project => `downloaded an original${of(project)}`,
  'original.viewed': project => `looked at an original${of(project)}`,
  'share.created': project => `made a share link${inside(project)}`,
  'share.revoked': project => `revoked a share link${inside(project)}`,
  'cost.overridden': () => 'overrode the cost limit',
  'storage.repaired': project => `repaired the storage${of(project)}`,
  ...changeAct,
}

/** Who did what, in one sentence without its full stop. */
export function sentenceOf({ action, actor, project_id: projectId }: AuditEntry, names: Names): string {
  const project = projectId === null ? '' : (names.projects.get(projectId) ?? '')
  return `${whoOf(actor, names)} ${acts[action](project)}`
}

/** Which image an entry is about, for a link to it; of what was removed for good there is no page. */
export const imageOf = ({ action, subject }: Pick<AuditEntry, 'action' | 'subject'>): string | null =>
  (action.startsWith('image.') && action !== 'image.purged') || action.startsWith('original.') ? subject : null
