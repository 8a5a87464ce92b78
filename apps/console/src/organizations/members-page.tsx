import { useMay } from '../access/me.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { Invitations } from './invitations.tsx'
import { Members } from './members.tsx'

export function MembersPage() {
  const mayManage = useMay('access.manage')
  return (
    <Page title="Members" about="Who is in this organisation, and who is asked to come.">
      {mayManage ? (
        <>
          <Members />
          <Invitations />
        </>
      ) : (
        <Nothing>Only owners and admins see the members and their roles.</Nothing>
      )}
    </Page>
  )
}
