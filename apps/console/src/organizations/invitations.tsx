import type { Invitation, NewInvitation } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-button.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Section } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { roleWord } from '../words/roles.ts'
import { InviteForm } from './invite-form.tsx'
import { invitationsQuery } from './queries.ts'

export function Invitations() {
  const { organization_id: organizationId } = useMe()
  const invitations = useQuery(invitationsQuery(organizationId))
  const [made, setMade] = useState<NewInvitation | null>(null)
  return (
    <Section
      title="Invitations"
      about="Each has a link for one person. It is shown once, here, and sent by mail where the server has a mail service."
    >
      <InviteForm onMade={setMade} />
      {made !== null && <Link invitation={made} onDone={() => setMade(null)} />}
      <div className="mt-6">
        {invitations.isPending && <LoadingRows label="Loading invitations" rows={2} />}
        {invitations.error !== null && (
          <CouldNotLoad what="The invitations" error={invitations.error} onRetry={() => void invitations.refetch()} />
        )}
        {invitations.data?.length === 0 && <Nothing>Nobody has been invited yet.</Nothing>}
        {invitations.data !== undefined && invitations.data.length > 0 && (
          <ul className="divide-y divide-line border-y border-line">
            {invitations.data.map(invitation => (
              <InvitationRow key={invitation.id} invitation={invitation} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

/** The one moment in which the link can be read. */
function Link({ invitation, onDone }: { invitation: NewInvitation; onDone: () => void }) {
  return (
    <div role="status" className="mt-4 rounded-md border border-line bg-sheet p-4 animate-develop">
      <p className="text-sm font-medium">The link for {invitation.email}</p>
      <p className="mt-0.5 text-sm text-ink-soft">
        Copy it now: it is not shown again. It works for that address alone and ends{' '}
        <Time iso={invitation.expires_at} future />.
      </p>
      <code className="figures mt-3 block rounded-sm bg-well px-3 py-2 text-xs break-all">{invitation.accept_url}</code>
      <div className="mt-3 flex gap-2">
        <CopyButton text={invitation.accept_url ?? ''} what="the link" />
        <Button look="quiet" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  )
}

const states: Record<Invitation['status'], { word: string; icon: IconName; color: string }> = {
  pending: { word: 'Waiting', icon: 'clock', color: 'text-blue-ink' },
  accepted: { word: 'Accepted', icon: 'check', color: 'text-green-ink' },
  revoked: { word: 'Taken back', icon: 'blocked', color: 'text-ink-soft' },
  expired: { word: 'Expired', icon: 'hourglass', color: 'text-ink-soft' },
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { organization_id: organizationId } = useMe()
  const client = useQueryClient()
  const say = useSay()
  const revoking = useMutation({
    mutationFn: () => api.organizations.invitations.revoke(organizationId, invitation.id),
    onSuccess: async () => {
      await client.invalidateQueries(invitationsQuery(organizationId))
      say({ text: `The invitation of ${invitation.email} is taken back; its link no longer works.` })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  const { word, icon, color } = states[invitation.status]
  const isPending = invitation.status === 'pending'
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="min-w-0 grow basis-52">
        <p className="truncate text-sm font-medium">{invitation.email}</p>
        <p className="text-xs text-ink-soft">
          as {roleWord[invitation.role].toLowerCase()} · invited <Time iso={invitation.created_at} />
          {isPending && (
            <>
              {' '}
              · ends <Time iso={invitation.expires_at} future />
            </>
          )}
        </p>
      </div>
      <span className={`inline-flex items-center gap-1.5 text-sm ${color}`}>
        <Icon name={icon} size={12} />
        {word}
      </span>
      {isPending && (
        <Button
          look="quiet"
          disabled={revoking.isPending}
          onClick={() => revoking.mutate()}
          aria-label={`Take back the invitation of ${invitation.email}`}
        >
          Take back
        </Button>
      )}
    </li>
  )
}
