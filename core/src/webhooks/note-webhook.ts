import type { AuditAction, Doer } from '../audit/index.ts'
import type { Stores } from '../database.ts'
import { noteChange, type SecurityEvent } from '../security/index.ts'
import type { Webhook } from './webhook.ts'

/** Of a URL only the host: the rest may hold a secret of the receiver. */
export const hostOf = (url: string): string => new URL(url).host

/** Where messages about images go is a matter of access: the security log and the audit log tell of it. */
export const noteWebhook = (
  tx: Pick<Stores, 'securityLog' | 'audit'>,
  by: Doer,
  { id, organizationId, projectId }: Pick<Webhook, 'id' | 'organizationId' | 'projectId'>,
  { event, what, at }: { event: SecurityEvent & AuditAction; what: string; at: Date },
): Promise<void> =>
  noteChange(tx, by, { event, detail: `Webhook ${id} was ${what}.`, at, organizationId, projectId, subject: id })
