import { type AuditAction, type AuditStore, type Doer, noteAudit } from '../audit/index.ts'
import { newId } from '../ids.ts'
import type { SecurityEvent } from './security-entry.ts'
import type { SecurityLogStore } from './security-log.ts'

/**
 * Writes a change of access into the security log and the audit log of the actor's organisation, in the transaction that makes the
 * change: either all are there or none. `detail` is in words and names ids and roles, no secrets and no addresses of mail.
 */
export async function noteChange(
  tx: { securityLog: SecurityLogStore; audit: AuditStore },
  by: Doer,
  change: {
    event: SecurityEvent & AuditAction
    detail: string
    at: Date
    projectId?: string | null
    /** Id of what was changed, for the audit log. */
    subject?: string
    organizationId?: string
  },
): Promise<void> {
  const { kind, id, organizationId } = by.actor
  await tx.securityLog.save([
    {
      id: newId(),
      at: change.at,
      event: change.event,
      actor: { kind, id },
      organizationId: change.organizationId ?? organizationId,
      projectId: change.projectId ?? null,
      ip: by.ip ?? null,
      code: null,
      detail: change.detail,
      requestId: by.requestId,
      count: 1,
    },
  ])
  const { event: action, ...told } = change
  await noteAudit(tx, by, { ...told, action })
}
