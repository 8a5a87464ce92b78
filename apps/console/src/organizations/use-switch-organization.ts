import { useNavigate } from '@tanstack/react-router'
import { session } from '../access/keeper.ts'
import { useSay } from '../design/notices.tsx'
import { summarize } from '../uploads/queue.ts'
import { useUploads } from '../uploads/uploads.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'

/** The session works in one organisation at a time, and what is still being sent belongs to this one. */
export function useSwitchOrganization(): (organizationId: string) => void {
  const { state } = useUploads()
  const navigate = useNavigate()
  const say = useSay()
  return organizationId => {
    const { running, waiting } = summarize(state())
    if (running + waiting > 0) {
      const text = `${counted(running + waiting, 'photo')} still on the way to this organisation. Wait for them or cancel them first.`
      say({ text, tone: 'bad' })
      return
    }
    void navigate({ to: '/', search: { project: undefined } })
      .then(() => session.switchTo(organizationId))
      .catch(error => say({ text: failureOfError(error).detail, tone: 'bad' }))
  }
}
