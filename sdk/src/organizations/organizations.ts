import type { Member, MemberList, Organization, OrganizationList, Role } from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'
import { createInvitations } from './invitations.ts'

export type Organizations = ReturnType<typeof createOrganizations>

export function createOrganizations(connection: Connection) {
  const { call, callFor } = connection
  const list = <T>(path: string, cursor: string | undefined, { signal }: CallOptions) =>
    callFor<T>({ path, query: { cursor, limit: LARGEST_PAGE }, signal })
  return {
    invitations: createInvitations(connection),

    /** Every organisation that the caller belongs to. */
    list: (options: CallOptions = {}): Promise<Organization[]> =>
      everyItem(cursor => list<OrganizationList>('/organizations', cursor, options)),
    /** The caller becomes its owner. */
    create: (name: string) => callFor<Organization>({ method: 'POST', path: '/organizations', json: { name } }),
    rename: (id: string, name: string) =>
      callFor<Organization>({ method: 'PATCH', path: `/organizations/${id}`, json: { name } }),
    /** With every project, image and byte of it. */
    delete: async (id: string): Promise<void> => {
      await call({ method: 'DELETE', path: `/organizations/${id}` })
    },

    members: (id: string, options: CallOptions = {}): Promise<Member[]> =>
      everyItem(cursor => list<MemberList>(`/organizations/${id}/members`, cursor, options)),
    changeMember: (id: string, userId: string, role: Role) =>
      callFor<Member>({ method: 'PATCH', path: `/organizations/${id}/members/${userId}`, json: { role } }),
    /** Also for leaving: one's own id. */
    removeMember: async (id: string, userId: string): Promise<void> => {
      await call({ method: 'DELETE', path: `/organizations/${id}/members/${userId}` })
    },
  }
}
