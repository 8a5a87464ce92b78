import type { Account } from '@calotype/sdk'
import { type FormEvent, useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { TextField } from '../design/fields.tsx'
import { failureOfError } from '../words/failures.ts'
import { Heading } from './heading.tsx'
import { session } from './keeper.ts'

/** For people who left their last organisation, or were removed from it. */
export function HomelessPage({ account }: { account: Account }) {
  const [name, setName] = useState('')
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const run = async (what: () => Promise<unknown>) => {
    setPending(true)
    setError(null)
    await what().catch(failure => setError(failureOfError(failure).detail))
    setPending(false)
  }
  const create = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const { id } = await api.organizations.create(name.trim())
      await session.switchTo(id)
    })
  }
  return (
    <>
      <Heading title="You belong to no organisation">
        <p>
          You are signed in as {account.email}. Open the link of an invitation to join one, or make an organisation of
          your own.
        </p>
      </Heading>
      <form onSubmit={create} className="space-y-4">
        <TextField
          label="Name of the organisation"
          value={name}
          onChange={setName}
          error={error}
          required
          maxLength={100}
          autoComplete="organization"
        />
        <div className="flex gap-2">
          <Button type="submit" look="primary" disabled={pending}>
            Make the organisation
          </Button>
          <Button look="quiet" icon="leave" disabled={pending} onClick={() => void run(session.leave)}>
            Sign out
          </Button>
        </div>
      </form>
    </>
  )
}
