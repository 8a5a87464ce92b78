import type { AccessInfo } from '@calotype/sdk'
import { DoorLink, Heading } from './heading.tsx'
import { session } from './keeper.ts'
import { RegisterForm } from './register-form.tsx'

export function RegisterPage({ access }: { access: AccessInfo }) {
  if (access.registration === 'closed') {
    return (
      <Heading title="Registration is closed here">
        <p>Accounts are made by invitation only. Ask somebody who is in, and open the link that you get.</p>
        <p className="mt-4">
          <DoorLink to="#sign-in">Back to sign in</DoorLink>
        </p>
      </Heading>
    )
  }
  return (
    <>
      <Heading title="Make an account">
        <p>You get an organisation of your own, and invite others to it when you like.</p>
      </Heading>
      <RegisterForm onDone={() => session.refresh()} more={<DoorLink to="#sign-in">I have an account</DoorLink>} />
    </>
  )
}
