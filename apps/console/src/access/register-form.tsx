import { type ReactNode, useState } from 'react'
import { api } from '../app/api.ts'
import { AccountForm } from './account-form.tsx'
import { EmailEntry, NameEntry, NewPasswordEntry } from './fields.tsx'

interface RegisterFormProps {
  action?: string
  invitation?: { token: string; email: string }
  onDone: () => Promise<void>
  more?: ReactNode
}

export function RegisterForm({ action = 'Make the account', invitation, onDone, more }: RegisterFormProps) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState(invitation?.email ?? '')
  const [password, setPassword] = useState('')
  const submit = async () => {
    await api.account.signUp({ name: name.trim(), email, password, invitation: invitation?.token })
    await onDone()
  }
  return (
    <AccountForm action={action} doing="Making the account…" submit={submit} more={more}>
      {errorOf => (
        <>
          <NameEntry value={name} onChange={setName} error={errorOf('name')} />
          <EmailEntry value={email} onChange={setEmail} error={errorOf('email')} readOnly={invitation !== undefined} />
          <NewPasswordEntry value={password} onChange={setPassword} error={errorOf('password')} />
        </>
      )}
    </AccountForm>
  )
}
