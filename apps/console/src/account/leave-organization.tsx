import { useState } from 'react'
import { useMe } from '../access/me.tsx'
import { Button } from '../design/button.tsx'
import { RemoveMember } from '../organizations/members.tsx'
import { Ending } from '../settings/parts.tsx'

export function LeaveOrganization() {
  const { organization, user } = useMe()
  const [leaving, setLeaving] = useState(false)
  if (user === null) return null
  return (
    <>
      <Ending
        title={`Leave ${organization.name}`}
        about="You lose access to its projects; what you uploaded stays. The last owner cannot leave."
        action={
          <Button icon="leave" onClick={() => setLeaving(true)}>
            Leave
          </Button>
        }
      />
      <RemoveMember member={leaving ? { user_id: user.id, name: user.name } : null} onClose={() => setLeaving(false)} />
    </>
  )
}
