import type { Connection } from '../http/connection.ts'

export function createSession(connection: Connection) {
  return {
    /** Turns the token of a one-time link into a session cookie of this browser. */
    redeem: async (token: string): Promise<void> => {
      await connection.call({ method: 'POST', path: '/session', json: { token } })
    },
    end: async (): Promise<void> => {
      await connection.call({ method: 'DELETE', path: '/session' })
    },
  }
}
