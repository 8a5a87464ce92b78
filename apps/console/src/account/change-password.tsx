import { useState } from 'react'
import { AccountForm } from '../access/account-form.tsx'
import { NewPasswordEntry } from '../access/fields.tsx'
import { api } from '../app/api.ts'
import { PasswordField } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'

export function ChangePassword({ email }: { email: string }) {
  const say = useSay()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const submit = async () => {
    await api.account.changePassword({ currentPassword: current, newPassword: password })
    setCurrent('')
    setPassword('')
    say({ text: 'The new password is set.' })
  }
  return (
    <div className="max-w-sm">
      <AccountForm
        action="Set the password"
        doing="Setting it…"
        submit={submit}
        idle={current === '' || password === ''}
      >
        {errorOf => (
          <>
            {/* Tells password managers whose password it is. */}
            <input type="email" name="email" value={email} autoComplete="username" readOnly hidden />
            <PasswordField
              label="Present password"
              name="current-password"
              autoComplete="current-password"
              required
              value={current}
              onChange={setCurrent}
              error={errorOf('current')}
            />
            <NewPasswordEntry
              label="New password"
              value={password}
              onChange={setPassword}
              error={errorOf('password')}
            />
          </>
        )}
      </AccountForm>
    </div>
  )
}
