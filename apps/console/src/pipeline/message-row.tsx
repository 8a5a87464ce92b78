import type { MessageStatus, PipelineMessage } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { failureOfError } from '../words/failures.ts'
import { askedOf, stateOf } from './message-words.ts'

const marks: Record<MessageStatus, { icon: IconName; color: string }> = {
  delivered: { icon: 'check', color: 'text-green-ink' },
  failed: { icon: 'warning', color: 'text-red-ink' },
  waiting: { icon: 'hourglass', color: 'text-amber-ink' },
}

export function MessageRow({ message }: { message: PipelineMessage }) {
  const client = useQueryClient()
  const say = useSay()
  const photo = message.message.photo_id
  const { icon, color } = marks[message.status]
  const resend = useMutation({
    mutationFn: () => api.pipeline.resend(message.id),
    onSuccess: async () => {
      say({ text: 'The message is sent again; its analysis begins anew.' })
      await client.invalidateQueries({ queryKey: ['pipeline-messages', message.project_id] })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <span className={`mt-0.5 ${color}`}>
        <Icon name={icon} size={14} />
      </span>
      <div className="min-w-0 grow basis-56">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
          <Link to="/images/$imageId" params={{ imageId: photo }} className="figures break-all underline">
            {photo}
          </Link>
          <span className="figures text-xs text-ink-soft">
            <Time iso={message.delivered_at ?? message.created_at} />
          </span>
        </p>
        <p className="mt-0.5 text-sm break-words">
          {stateOf(message)}
          {message.status === 'waiting' && message.next_attempt_at !== null && message.attempts > 0 && (
            <>
              {' · next try '}
              <Time iso={message.next_attempt_at} future />
            </>
          )}
        </p>
        <p className="mt-0.5 text-xs text-ink-soft">{askedOf(message)}</p>
      </div>
      <Button
        look="quiet"
        icon="retry"
        disabled={resend.isPending}
        onClick={() => resend.mutate()}
        aria-label={`Send again about ${photo}`}
      >
        Send again
      </Button>
    </li>
  )
}
