import type { AuditAction, AuditLog, AuditReport } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface AuditOptions {
  action?: AuditAction | undefined
  actorId?: string | undefined
  /** Id of what it was done to. */
  subject?: string | undefined
  projectId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export interface AuditVerifyOptions {
  organizationId?: string | undefined
  /** Heads that were kept elsewhere: they show whether the end of the log was cut off. */
  heads?: ReadonlyArray<{ seq: number; hash: string }> | undefined
  signal?: AbortSignal | undefined
}

export function createAudit({ callFor }: Connection) {
  return {
    /** One page, newest first. */
    page: ({ projectId, actorId, signal, ...filters }: AuditOptions = {}) =>
      callFor<AuditLog>({ path: '/audit', query: { project_id: projectId, actor_id: actorId, ...filters }, signal }),

    /** Whether anything of the log was altered, taken out, put in or moved. */
    verify: ({ organizationId, heads = [], signal }: AuditVerifyOptions = {}) => {
      const head = heads.length === 0 ? undefined : heads.map(({ seq, hash }) => `${seq}:${hash}`).join(',')
      return callFor<AuditReport>({ path: '/audit/verify', query: { organization_id: organizationId, head }, signal })
    },
  }
}
