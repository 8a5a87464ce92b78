import { type AuditAction, type AuditStore, noteAudit } from '../audit/index.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { SecurityEvent } from './security-entry.ts'
import type { SecurityLogStore } from './security-log.ts'

/**
 * Writes a change of access into the security log and the audit log of the actor's organisation, in the transaction that makes the
 * change: either all are there or none. `detail` is in words and names ids and roles, no secrets and no addresses of mail.
 */
export async function noteChange(
  tx: { securityLog: SecurityLogStore; audit: AuditStore },
  ctx: Context,
  change: {
    event: SecurityEvent & AuditAction
    detail: string
    at: Date
    projectId?: string | null
    organizationId?: string
  },
): Promise<void> {
  const { kind, id, organizationId } = ctx.actor
  await tx.securityLog.save([
    {
      id: newId(),
      at: change.at,
      event: change.event,
      actor: { kind, id },
      organizationId: change.organizationId ?? organizationId,
      projectId: change.projectId ?? null,
      ip: ctx.ip ?? null,
      code: null,
      detail: change.detail,
      requestId: ctx.requestId,
      count: 1,
    },
  ])
  const { event: action, ...told } = change
  await noteAudit(tx, ctx, { ...told, action })
}
