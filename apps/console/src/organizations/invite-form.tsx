import type { NewInvitation, Role } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { SelectField, TextField } from '../design/fields.tsx'
import { formRefusal } from '../words/field-errors.ts'
import { roleSentence, rolesToGive, roleWord } from '../words/roles.ts'
import { invitationsQuery } from './queries.ts'

export function InviteForm({ onMade }: { onMade: (invitation: NewInvitation) => void }) {
  const { organization_id: organizationId } = useMe()
  const mayOwn = useMay('organization.own')
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const making = useMutation({
    mutationFn: () => api.organizations.invitations.create(organizationId, { email: email.trim(), role }),
    onSuccess: invitation => {
      setEmail('')
      onMade(invitation)
      void client.invalidateQueries(invitationsQuery(organizationId))
    },
  })
  const refusal = formRefusal(making.error, ['email', 'role'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <form onSubmit={submit} className="grid items-start gap-x-3 gap-y-3 sm:grid-cols-[minmax(0,1fr)_9rem_auto]">
      <TextField
        label="E-mail"
        type="email"
        value={email}
        onChange={setEmail}
        error={refusal.at('email') ?? refusal.whole}
        required
        autoComplete="off"
        placeholder="name@example.com"
      />
      <SelectField
        label="Role"
        value={role}
        options={rolesToGive(mayOwn).map(value => ({ value, label: roleWord[value] }))}
        onChange={setRole}
      />
      <Button type="submit" look="primary" icon="plus" disabled={making.isPending} className="sm:mt-6">
        {making.isPending ? 'Inviting…' : 'Invite'}
      </Button>
      <p className="text-xs text-ink-faint sm:col-span-3 sm:-mt-2">
        {roleWord[role]}: {roleSentence[role]}
      </p>
    </form>
  )
}
