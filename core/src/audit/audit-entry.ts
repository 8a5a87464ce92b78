import type { Context } from '../context.ts'

export const AUDIT_ACTIONS = [
  'image.deleted',
  'image.restored',
  'image.replaced',
  'image.purged',
  'entity.deleted',
  'original.downloaded',
  'original.viewed',
  'key.created',
  'key.revoked',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'project.created',
  'project.changed',
  'project.deleted',
  'share.created',
  'share.revoked',
  'webhook.created',
  'webhook.changed',
  'webhook.rotated',
  'webhook.deleted',
  'organization.deleted',
  'cost.overridden',
  'storage.repaired',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** Who did what, written in the transaction that did it. Never a secret, an address of mail or a place. */
export interface AuditEntry {
  organizationId: string
  id: string
  at: Date
  action: AuditAction
  actor: Pick<Context['actor'], 'kind' | 'id'>
  projectId: string | null
  /** Id of what it was done to: an image, for example. */
  subject: string | null
  /** In words, for people. */
  detail: string
  ip: string | null
  requestId: string | null
}

/** Where an entry stands in the chain of its organisation: 1 is the first. */
export interface Seal {
  seq: number
  /** The hash of the entry before, lower-case hex; 64 zeros before the first one. */
  prevHash: string
  hash: string
}

export type SealedEntry = AuditEntry & Seal

/** The last entry of a chain: whoever kept it knows later whether anything up to it was changed or cut off. */
export type ChainHead = Pick<Seal, 'seq' | 'hash'>
