import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { AuditAction } from './audit-entry.ts'
import type { AuditStore } from './audit-store.ts'

export interface AuditNote {
  action: AuditAction
  at: Date
  /** In words; names ids and roles, no secrets and no addresses of mail. */
  detail: string
  projectId?: string | null
  subject?: string | null
  /** Where it is another one than the actor's. */
  organizationId?: string
}

/** On whose behalf something is done. */
export type Doer = Pick<Context, 'requestId' | 'ip'> & {
  actor: Pick<Context['actor'], 'kind' | 'id' | 'organizationId'>
}

/** The id under which the program acts where nobody asked it to: purges at the end of a retention, for example. */
export const PROGRAM_ACTOR_ID = 'calotype'

export const byItself = (organizationId: string, requestId: string): Doer => ({
  actor: { kind: 'service', id: PROGRAM_ACTOR_ID, organizationId },
  requestId,
})

/** Writes into the audit log, in the transaction of what it tells: either both are there or none. */
export async function noteAudit(tx: { audit: AuditStore }, by: Doer, ...notes: readonly AuditNote[]): Promise<void> {
  if (notes.length === 0) return
  const { kind, id, organizationId } = by.actor
  await tx.audit.add(
    notes.map(note => ({
      organizationId: note.organizationId ?? organizationId,
      id: newId(),
      at: note.at,
      action: note.action,
      actor: { kind, id },
      projectId: note.projectId ?? null,
      subject: note.subject ?? null,
      detail: note.detail,
      ip: by.ip ?? null,
      requestId: by.requestId,
    })),
  )
}
