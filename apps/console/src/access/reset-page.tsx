import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { AccountForm } from './account-form.tsx'
import { NewPasswordEntry } from './fields.tsx'
import { Heading } from './heading.tsx'

export function ResetPage({ token, onDone }: { token: string; onDone: () => void }) {
  const [password, setPassword] = useState('')
  const [isSet, setIsSet] = useState(false)
  const submit = async () => {
    await api.account.resetPassword({ token, newPassword: password })
    setIsSet(true)
  }
  if (isSet) {
    return (
      <div role="status">
        <Heading title="The new password is set">
          <p>Sign in with it. Other browsers that were signed in have to do the same.</p>
        </Heading>
        <Button look="primary" onClick={onDone}>
          Go on
        </Button>
      </div>
    )
  }
  const back = () => {
    onDone()
    location.hash = '#forgot-password'
  }
  return (
    <>
      <Heading title="Choose a new password" />
      <AccountForm
        action="Set the password"
        doing="Setting it…"
        submit={submit}
        more={
          <Button look="quiet" onClick={back}>
            Ask for a new letter
          </Button>
        }
      >
        {errorOf => (
          <NewPasswordEntry label="New password" value={password} onChange={setPassword} error={errorOf('password')} />
        )}
      </AccountForm>
    </>
  )
}
