import type { Account } from '@calotype/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountForm } from '../access/account-form.tsx'
import { NameEntry } from '../access/fields.tsx'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { TextField } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'

export function RenameAccount({ user }: { user: Account }) {
  const client = useQueryClient()
  const say = useSay()
  const [name, setName] = useState(user.name)
  const submit = async () => {
    await api.account.rename(name.trim())
    await session.refresh()
    await client.invalidateQueries({ queryKey: ['members'] })
    say({ text: 'Your name is saved.' })
  }
  return (
    <div className="max-w-sm">
      <AccountForm action="Save" doing="Saving…" submit={submit} idle={name.trim() === user.name}>
        {errorOf => (
          <>
            <NameEntry value={name} onChange={setName} error={errorOf('name')} />
            <TextField label="E-mail" value={user.email} onChange={() => undefined} readOnly autoComplete="off" />
          </>
        )}
      </AccountForm>
    </div>
  )
}
