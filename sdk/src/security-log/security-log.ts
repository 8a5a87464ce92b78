import type { SecurityEvent, SecurityLog } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export interface SecurityLogOptions {
  event?: SecurityEvent | undefined
  projectId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
  signal?: AbortSignal | undefined
}

export function createSecurityLog({ callFor }: Connection) {
  return {
    /** One page, newest first. */
    page: ({ projectId, signal, ...filters }: SecurityLogOptions = {}) =>
      callFor<SecurityLog>({ path: '/security-log', query: { project_id: projectId, ...filters }, signal }),
  }
}
