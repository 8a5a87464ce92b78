import type { Member, Role } from '@calotype/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { session } from '../access/keeper.ts'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { IconButton } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { Select } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Section } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { roles, rolesToGive, roleWord } from '../words/roles.ts'
import { membersQuery } from './queries.ts'

export function Members() {
  const { organization_id: organizationId } = useMe()
  const members = useQuery(membersQuery(organizationId))
  const [leaving, setLeaving] = useState<Member | null>(null)
  return (
    <Section title="People">
      {members.isPending && <LoadingRows label="Loading members" />}
      {members.error !== null && (
        <CouldNotLoad what="The members" error={members.error} onRetry={() => void members.refetch()} />
      )}
      {members.data?.length === 0 && (
        <Nothing>Nobody yet. You are in by the one-time link: make your account to be the owner.</Nothing>
      )}
      {members.data !== undefined && members.data.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {members.data.map(member => (
            <MemberRow key={member.user_id} member={member} onRemove={() => setLeaving(member)} />
          ))}
        </ul>
      )}
      <RemoveMember member={leaving} onClose={() => setLeaving(null)} />
    </Section>
  )
}

function MemberRow({ member, onRemove }: { member: Member; onRemove: () => void }) {
  const me = useMe()
  const client = useQueryClient()
  const say = useSay()
  const mayOwn = useMay('organization.own')
  const change = useMutation({
    mutationFn: (role: Role) => api.organizations.changeMember(me.organization_id, member.user_id, role),
    onSuccess: async changed => {
      await client.invalidateQueries(membersQuery(me.organization_id))
      if (changed.user_id === me.id) await session.refresh()
      say({ text: `${changed.name} is ${roleWord[changed.role].toLowerCase()} now.` })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  const isMe = member.user_id === me.id
  // Owners are changed by owners only.
  const mayChange = mayOwn || member.role !== 'owner'
  const offered = mayChange ? rolesToGive(mayOwn) : roles
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 grow basis-52">
        <p className="truncate text-sm font-medium">
          {member.name}
          {isMe && <span className="font-normal text-ink-faint"> – you</span>}
        </p>
        <p className="truncate text-xs text-ink-soft">
          {member.email} · since <Time iso={member.joined_at} />
        </p>
      </div>
      <div className="flex items-center gap-2">
        <div className="w-32">
          <Select
            aria-label={`Role of ${member.name}`}
            value={member.role}
            options={offered.map(role => ({ value: role, label: roleWord[role] }))}
            onChange={role => change.mutate(role)}
            disabled={!mayChange || change.isPending}
          />
        </div>
        <IconButton
          icon={isMe ? 'leave' : 'close'}
          label={isMe ? 'Leave the organisation' : `Remove ${member.name}`}
          disabled={!mayChange}
          onClick={onRemove}
        />
      </div>
    </li>
  )
}

/** Also for leaving: removing oneself. */
export function RemoveMember({
  member,
  onClose,
}: {
  member: Pick<Member, 'user_id' | 'name'> | null
  onClose: () => void
}) {
  const me = useMe()
  const client = useQueryClient()
  const say = useSay()
  const { organization } = me
  const isMe = member?.user_id === me.id
  const removal = useMutation({
    mutationFn: ({ user_id }: Pick<Member, 'user_id' | 'name'>) =>
      api.organizations.removeMember(organization.id, user_id),
    onSuccess: async (_, { name }) => {
      onClose()
      say({ text: isMe ? `You have left ${organization.name}.` : `${name} is no longer a member.` })
      if (isMe) await session.refresh()
      else await client.invalidateQueries(membersQuery(organization.id))
    },
  })
  return (
    <Confirm
      open={member !== null}
      title={isMe ? `Leave ${organization.name}?` : `Remove ${member?.name ?? ''}?`}
      action={isMe ? 'Leave' : 'Remove'}
      doing={isMe ? 'Leaving…' : 'Removing…'}
      icon={isMe ? 'leave' : 'close'}
      pending={removal.isPending}
      error={removal.error && failureOfError(removal.error).detail}
      onConfirm={() => member !== null && removal.mutate(member)}
      onClose={() => {
        removal.reset()
        onClose()
      }}
    >
      {isMe
        ? 'You lose access to its projects at once. What you uploaded stays. To come back you need an invitation.'
        : 'Access to every project ends within a minute. What was uploaded stays, and keys that were made go on working.'}
    </Confirm>
  )
}
