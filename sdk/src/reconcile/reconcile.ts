import type { ReconcileReport } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface ReconcileOptions {
  /** Left out: the default project, unless `scope` says that the whole organisation is meant. */
  projectId?: string | undefined
  scope?: 'project' | 'organization' | undefined
  /** Also repair what is found. */
  apply?: boolean | undefined
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
}

export function createReconcile({ callFor }: Connection) {
  return {
    /** Begins to compare storage and records; nothing is changed unless `apply` is true. */
    start: ({ projectId, scope, apply = false, idempotencyKey, signal }: ReconcileOptions = {}) => {
      const json = { project_id: projectId, scope, apply }
      return callFor<ReconcileReport>({ method: 'POST', path: '/reconcile', json, idempotencyKey, signal })
    },

    get: (id: string, options: { findings?: 'all' | 'none' | undefined; signal?: AbortSignal | undefined } = {}) =>
      callFor<ReconcileReport>({
        path: `/reconcile/${id}`,
        query: { findings: options.findings },
        signal: options.signal,
      }),
  }
}
