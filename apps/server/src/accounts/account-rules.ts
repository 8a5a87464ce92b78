import {
  type AccountRules,
  type Clock,
  checkRegistration,
  type Database,
  findAccountActor,
  leaveOrganizations,
  type MailSeal,
  newId,
  type PersonContext,
  passwordResetMail,
  queueMail,
  RESET_SECONDS,
  type RegistrationMode,
  settleAccount,
  type Tickets,
} from '@calotype/core'
import { ADDRESS_HEADER, REQUEST_ID_HEADER } from '../http/accounts-route.ts'
import { SESSION_COOKIE } from '../http/authentication.ts'

export const INVITATION_HEADER = 'x-calotype-invitation'

type RuleDeps = {
  database: Database
  clock: Clock
  mailSeal: MailSeal
  publicUrl: string
  registration: RegistrationMode
  maxUploadBytes: number
}

/** What happens around the account library's calls: the verbs of the core, given what a browser brought along. */
export function createAccountRules(deps: RuleDeps): AccountRules {
  const { jobs, memberships } = deps.database
  return {
    beforeSignUp: ({ email, headers }) => checkRegistration(deps, { ...ticketsOf(headers), email }),
    afterSignIn: ({ userId, headers }) => settleAccount(deps, personContext(userId, headers), ticketsOf(headers)),
    beforeDelete: ({ userId, headers }) => leaveOrganizations(deps, personContext(userId, headers)),
    async sendReset({ email, name, token, headers }) {
      const link = `${deps.publicUrl}/#reset=${token}`
      const expiresAt = new Date(deps.clock.now().getTime() + RESET_SECONDS * 1000)
      const requestId = headers.get(REQUEST_ID_HEADER) ?? newId()
      await queueMail({ jobs, mailSeal: deps.mailSeal }, passwordResetMail({ to: email, name, link }), {
        requestId,
        expiresAt,
      })
    },
    organizationOf: async ({ userId, wished }) =>
      (await findAccountActor({ memberships }, { userId, organizationId: wished }))?.organizationId ?? null,
  }
}

const personContext = (userId: string, headers: Headers): PersonContext => ({
  userId,
  requestId: headers.get(REQUEST_ID_HEADER) ?? newId(),
  ip: headers.get(ADDRESS_HEADER),
})

const ticketsOf = (headers: Headers): Tickets => ({
  invitation: headers.get(INVITATION_HEADER),
  linkSession: cookieNamed(SESSION_COOKIE, headers.get('cookie') ?? ''),
})

/** Our own cookies need no decoding: their values are URL-safe. */
const cookieNamed = (name: string, header: string): string | null =>
  header
    .split(/;\s*/)
    .find(pair => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null
