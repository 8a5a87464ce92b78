import type { Context } from '../context.ts'

export const SECURITY_EVENTS = [
  'sign_in.refused',
  'sign_in.succeeded',
  'credential.refused',
  'access.refused',
  'upload.refused',
  'rate.limited',
  'key.created',
  'key.revoked',
  'member.invited',
  'member.joined',
  'member.changed',
  'member.removed',
  'project.created',
  'project.changed',
  'project.deleted',
  'webhook.created',
  'webhook.changed',
  'webhook.rotated',
  'webhook.deleted',
  'organization.deleted',
] as const
export type SecurityEvent = (typeof SECURITY_EVENTS)[number]

/** What happened, as whoever saw it tells it. Never a secret, a token, an address of mail or a place. */
export interface SecurityNote {
  event: SecurityEvent
  actor: Pick<Context['actor'], 'kind' | 'id'> | null
  /** Whose log it belongs to; null where that is not known: then only the program's own log tells of it. */
  organizationId: string | null
  projectId: string | null
  ip: string | null
  /** The error code of a refusal. */
  code: string | null
  /** In words, for people. */
  detail: string
  requestId: string | null
}

/** One line of an organisation's security log. */
export interface SecurityEntry extends SecurityNote {
  id: string
  organizationId: string
  at: Date
  /** How often within one minute: repeats are one entry. */
  count: number
}
