import { useState } from 'react'
import { AccountForm } from '../access/account-form.tsx'
import { session } from '../access/keeper.ts'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Sheet } from '../design/dialog.tsx'
import { PasswordField } from '../design/fields.tsx'
import { Ending } from '../settings/parts.tsx'

export function DeleteAccount() {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Ending
        title="Delete your account"
        about="You leave every organisation. One in which you are alone is deleted with all its images."
        action={
          <Button icon="trash" onClick={() => setAsking(true)}>
            Delete account
          </Button>
        }
      />
      <Sheet open={asking} title="Delete your account?" onClose={() => setAsking(false)}>
        <Question onClose={() => setAsking(false)} />
      </Sheet>
    </>
  )
}

function Question({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const submit = async () => {
    await api.account.delete(password)
    await session.refresh('deleted')
  }
  return (
    <>
      <p className="mb-4 text-ink-soft">
        Organisations in which you are alone go with it, with every project and image. This cannot be undone.
      </p>
      <AccountForm
        action="Delete my account"
        doing="Deleting…"
        danger
        submit={submit}
        idle={password === ''}
        more={<Button onClick={onClose}>Cancel</Button>}
      >
        {errorOf => (
          <PasswordField
            label="Your password"
            name="current-password"
            autoComplete="current-password"
            required
            value={password}
            onChange={setPassword}
            error={errorOf('current') ?? errorOf('password')}
          />
        )}
      </AccountForm>
    </>
  )
}
