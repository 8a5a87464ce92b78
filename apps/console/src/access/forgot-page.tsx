import { useState } from 'react'
import { api } from '../app/api.ts'
import { AccountForm } from './account-form.tsx'
import { EmailEntry } from './fields.tsx'
import { DoorLink, Heading } from './heading.tsx'

export function ForgotPage() {
  const [email, setEmail] = useState('')
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submit = async () => {
    await api.account.requestPasswordReset(email)
    setSentTo(email)
  }
  if (sentTo !== null) {
    return (
      <div role="status">
        <Heading title="Look into your letters">
          <p>
            If <strong className="font-medium text-ink">{sentTo}</strong> has an account here, a letter with a link is
            on its way. The link works once, for an hour.
          </p>
          <p className="mt-4 text-sm">
            Nothing came? Look for unwanted mail. A server without a mail service keeps its letters in{' '}
            <code className="figures">data/outbox</code>; whoever runs it can read the link there.
          </p>
        </Heading>
        <DoorLink to="#sign-in">Back to sign in</DoorLink>
      </div>
    )
  }
  return (
    <>
      <Heading title="Forgot the password?">
        <p>We send a link that sets a new one.</p>
      </Heading>
      <AccountForm
        action="Send the link"
        doing="Sending…"
        submit={submit}
        more={<DoorLink to="#sign-in">Back to sign in</DoorLink>}
      >
        {errorOf => <EmailEntry value={email} onChange={setEmail} error={errorOf('email')} />}
      </AccountForm>
    </>
  )
}
