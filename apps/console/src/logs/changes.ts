import type { AuditAction, SecurityEvent } from '@calotype/sdk'

/** What both logs tell of: changes of who may do what. */
export type Change = SecurityEvent & AuditAction

/** For choosing a kind of entries. */
export const changeWord: Record<Change, string> = {
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
  'webhook.created': 'Webhook made',
  'webhook.changed': 'Webhook changed',
  'webhook.rotated': 'Webhook secret renewed',
  'webhook.deleted': 'Webhook deleted',
}

/** What somebody did; `project` is its name, empty where it is none or not known. */
export const changeAct: Record<Change, (project: string) => string> = {
  'key.created': () => 'made a key',
  'key.revoked': () => 'revoked a key',
  'member.invited': () => 'invited somebody',
  'member.joined': () => 'joined',
  'member.changed': () => 'changed what a member may do',
  'member.removed': () => 'ended a membership',
  'project.created': project => `made a project${project === '' ? '' : `, ${project}`}`,
  'project.changed': project => `changed the settings${of(project)}`,
  'project.deleted': () => 'deleted a project',
  'organization.deleted': () => 'deleted the organisation',
  'webhook.created': project => `made a webhook${of(project)}`,
  'webhook.changed': project => `changed a webhook${of(project)}`,
  'webhook.rotated': project => `gave a webhook a new secret${inside(project)}`,
  'webhook.deleted': project => `deleted a webhook${of(project)}`,
}

export const of = (project: string): string => (project === '' ? '' : ` of ${project}`)
export const inside = (project: string): string => (project === '' ? '' : ` in ${project}`)
