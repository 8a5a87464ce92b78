import type { AccessInfo } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'

export function createSession(connection: Connection) {
  return {
    /** What a page has to know before anybody signed in. */
    access: (options: { signal?: AbortSignal | undefined } = {}) =>
      connection.callFor<AccessInfo>({ path: '/access', ...options }),
    /** Turns the token of a one-time link into a session cookie of this browser. */
    redeem: async (token: string): Promise<void> => {
      await connection.call({ method: 'POST', path: '/session', json: { token } })
    },
    /** Which of their organisations the signed-in person works in from now on. */
    switchOrganization: async (organizationId: string): Promise<void> => {
      const json = { organization_id: organizationId }
      await connection.call({ method: 'PUT', path: '/session/organization', json })
    },
    end: async (): Promise<void> => {
      await connection.call({ method: 'DELETE', path: '/session' })
    },
  }
}
