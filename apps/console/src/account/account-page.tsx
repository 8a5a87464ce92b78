import { useMe } from '../access/me.tsx'
import { Nothing, Page, Section } from '../settings/parts.tsx'
import { ChangePassword } from './change-password.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { LeaveOrganization } from './leave-organization.tsx'
import { MakeAccount } from './make-account.tsx'
import { RenameAccount } from './rename-account.tsx'
import { useOffersAccount } from './use-offers-account.ts'

export function AccountPage() {
  const { user } = useMe()
  const offers = useOffersAccount()
  if (user === null) {
    return (
      <Page title="Your account">
        {offers ? (
          <Section
            title="Make your account"
            about="It becomes the owner of this organisation. The one-time link has done its work then."
          >
            <MakeAccount />
          </Section>
        ) : (
          <Nothing>This browser is signed in without an account.</Nothing>
        )}
      </Page>
    )
  }
  return (
    <Page title="Your account">
      <Section title="About you">
        <RenameAccount user={user} />
      </Section>
      <Section title="Password" about="Other browsers that are signed in with this account are signed out.">
        <ChangePassword email={user.email} />
      </Section>
      <LeaveOrganization />
      <DeleteAccount />
    </Page>
  )
}
