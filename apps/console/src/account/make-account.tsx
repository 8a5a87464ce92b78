import { useQueryClient } from '@tanstack/react-query'
import { session } from '../access/keeper.ts'
import { RegisterForm } from '../access/register-form.tsx'
import { useSay } from '../design/notices.tsx'

export function MakeAccount() {
  const client = useQueryClient()
  const say = useSay()
  return (
    <div className="max-w-sm">
      <RegisterForm
        onDone={async () => {
          await session.refresh()
          await client.invalidateQueries()
          say({ text: 'Your account is made. From now on you sign in with it.' })
        }}
      />
    </div>
  )
}
