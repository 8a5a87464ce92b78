import { CalotypeError, type InvitationPreview } from '@calotype/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Choice } from '../design/choice.tsx'
import { failureOfError } from '../words/failures.ts'
import { roleSentence } from '../words/roles.ts'
import { AccountForm } from './account-form.tsx'
import { EmailEntry, PasswordEntry } from './fields.tsx'
import { Opening } from './gate-page.tsx'
import { Heading } from './heading.tsx'
import { session } from './keeper.ts'
import { RegisterForm } from './register-form.tsx'
import type { Session } from './session.ts'

interface InvitationPageProps {
  token: string
  session: Exclude<Session, { state: 'opening' | 'unreachable' }>
  onDone: () => void
}

export function InvitationPage({ token, session: current, onDone }: InvitationPageProps) {
  const preview = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => api.organizations.invitations.preview(token),
  })
  if (preview.isPending) return <Opening redeeming={false} />
  if (preview.error !== null) return <NotGood error={preview.error} onRetry={preview.refetch} onDone={onDone} />
  const invitation = preview.data
  const signedIn =
    current.state === 'homeless' ? current.account : current.state === 'open' ? (current.me.user ?? null) : null
  const join = async () => {
    await session.join(token)
    onDone()
  }
  return (
    <>
      <Heading title={`Join ${invitation.organization_name}`}>
        <p>
          You are invited as {invitation.role === 'owner' || invitation.role === 'admin' ? 'an' : 'a'}{' '}
          <strong className="font-medium text-ink">{invitation.role}</strong>. That means{' '}
          {roleSentence[invitation.role]}
        </p>
      </Heading>
      {signedIn === null ? (
        <Strangers invitation={invitation} token={token} join={join} onDone={onDone} />
      ) : (
        <AccountForm
          action={`Join as ${signedIn.name}`}
          doing="Joining…"
          submit={join}
          more={
            <Button look="quiet" onClick={() => void session.leave()}>
              Use another account
            </Button>
          }
        >
          {() => <p className="text-sm text-ink-soft">You are signed in as {signedIn.email}.</p>}
        </AccountForm>
      )}
      <p className="mt-8 border-t border-line pt-4 text-sm text-ink-soft">
        Not for you?{' '}
        <button type="button" onClick={onDone} className="rounded-sm underline underline-offset-4 hover:text-ink">
          Leave it
        </button>
      </p>
    </>
  )
}

interface StrangersProps {
  invitation: InvitationPreview
  token: string
  join: () => Promise<void>
  onDone: () => void
}

function Strangers({ invitation, token, join, onDone }: StrangersProps) {
  const [who, setWho] = useState<'new' | 'known'>('new')
  const [email, setEmail] = useState(invitation.email)
  const [password, setPassword] = useState('')
  const signInAndJoin = async () => {
    await api.account.signIn({ email, password })
    await join()
  }
  return (
    <div className="space-y-5">
      <div className="flex">
        <Choice
          legend="Do you have an account?"
          value={who}
          options={[
            { value: 'new', label: 'I am new here' },
            { value: 'known', label: 'I have an account' },
          ]}
          onChange={setWho}
        />
      </div>
      {who === 'new' ? (
        <RegisterForm
          action="Make an account and join"
          invitation={{ token, email: invitation.email }}
          onDone={async () => {
            await session.refresh()
            onDone()
          }}
        />
      ) : (
        <AccountForm action="Sign in and join" doing="Joining…" submit={signInAndJoin}>
          {errorOf => (
            <>
              <EmailEntry value={email} onChange={setEmail} error={errorOf('email')} />
              <PasswordEntry value={password} onChange={setPassword} error={errorOf('password')} />
            </>
          )}
        </AccountForm>
      )}
    </div>
  )
}

function NotGood({ error, onRetry, onDone }: { error: unknown; onRetry: () => void; onDone: () => void }) {
  const isGone = error instanceof CalotypeError && error.status >= 400 && error.status < 500 && error.status !== 429
  return (
    <div role="alert">
      <Heading title={isGone ? 'This invitation is no longer good' : 'The invitation could not be read'}>
        <p>
          {isGone
            ? 'It was used, taken back, or its time is over. Ask whoever sent it for a new one.'
            : failureOfError(error).detail}
        </p>
      </Heading>
      <div className="flex gap-2">
        {!isGone && (
          <Button look="primary" icon="retry" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button look={isGone ? 'primary' : 'plain'} onClick={onDone}>
          Go on without it
        </Button>
      </div>
    </div>
  )
}
