import type {
  Invitation,
  InvitationList,
  InvitationPreview,
  NewInvitation,
  Organization,
  Role,
} from '@calotype/contract'
import type { Connection } from '../http/connection.ts'
import { everyItem, LARGEST_PAGE } from '../http/pages.ts'
import type { CallOptions } from '../images/images.ts'

export function createInvitations({ call, callFor }: Connection) {
  const of = (organizationId: string) => `/organizations/${organizationId}/invitations`
  return {
    list: (organizationId: string, { signal }: CallOptions = {}): Promise<Invitation[]> =>
      everyItem(cursor =>
        callFor<InvitationList>({ path: of(organizationId), query: { cursor, limit: LARGEST_PAGE }, signal }),
      ),
    /** The answer has the link, once. */
    create: (organizationId: string, invitation: { email: string; role: Role }) =>
      callFor<NewInvitation>({ method: 'POST', path: of(organizationId), json: invitation }),
    revoke: async (organizationId: string, invitationId: string): Promise<void> => {
      await call({ method: 'DELETE', path: `${of(organizationId)}/${invitationId}` })
    },
    /** What the holder of a link may know without signing in. */
    preview: (token: string) =>
      callFor<InvitationPreview>({ method: 'POST', path: '/invitations/preview', json: { token }, once: true }),
    /** Joins the organisation with the account that is signed in. */
    accept: (token: string) => callFor<Organization>({ method: 'POST', path: '/invitations/accept', json: { token } }),
  }
}
