import type { AccessInfo } from '@calotype/sdk'
import { type ReactNode, useState } from 'react'
import { api } from '../app/api.ts'
import { AccountForm } from './account-form.tsx'
import { EmailEntry, PasswordEntry } from './fields.tsx'
import { DoorLink, Heading } from './heading.tsx'
import { session } from './keeper.ts'
import { OneTimeLink } from './one-time-link.tsx'
import type { WhyClosed } from './session.ts'

export function SignInPage({ why, access }: { why: WhyClosed; access: AccessInfo }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  if (access.mode === 'open') {
    return (
      <>
        <Heading title={titles[why]}>{explanations[why]}</Heading>
        <OneTimeLink open />
      </>
    )
  }
  const submit = async () => {
    await api.account.signIn({ email, password })
    await session.refresh()
  }
  return (
    <>
      <Heading title={titles[why]}>{explanations[why]}</Heading>
      <AccountForm
        action="Sign in"
        doing="Signing in…"
        submit={submit}
        more={<DoorLink to="#forgot-password">Forgot the password?</DoorLink>}
      >
        {errorOf => (
          <>
            <EmailEntry value={email} onChange={setEmail} error={errorOf('email')} />
            <PasswordEntry value={password} onChange={setPassword} error={errorOf('password')} />
          </>
        )}
      </AccountForm>
      <p className="mt-8 border-t border-line pt-4 text-sm text-ink-soft">
        {access.registration === 'open' ? (
          <>
            No account yet? <DoorLink to="#register">Make one</DoorLink>
          </>
        ) : (
          'No account yet? Registration is closed here: ask somebody who is in for an invitation.'
        )}
      </p>
      <OneTimeLink open={why === 'link_spent'} />
    </>
  )
}

const titles: Record<WhyClosed, string> = {
  never_opened: 'Sign in',
  link_spent: 'This link was used already, or its time is over',
  ended: 'Your session has ended',
  left: 'You are signed out',
  deleted: 'Your account is deleted',
}

const explanations: Record<WhyClosed, ReactNode> = {
  never_opened: null,
  link_spent:
    'Each one-time link signs in one browser, once. Sign in with your account, or read below how to get the next link.',
  ended: 'Nothing is lost. Sign in again, and you come back to this page.',
  left: 'Sign in again whenever you like.',
  deleted: 'Nothing of it is kept. What you uploaded belongs to its organisation and stays there.',
}
