import type { WebhookDelivery } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { useSay } from '../design/notices.tsx'
import { Time } from '../design/time.tsx'
import { failureOfError } from '../words/failures.ts'
import { formatDuration } from '../words/numbers.ts'
import { deliveriesKey } from './queries.ts'
import { answerOf, type DeliveryTone, eventWord, outcomeOf } from './webhook-words.ts'

const marks: Record<DeliveryTone, { icon: IconName; color: string }> = {
  good: { icon: 'check', color: 'text-green-ink' },
  bad: { icon: 'warning', color: 'text-red-ink' },
  waiting: { icon: 'hourglass', color: 'text-amber-ink' },
}

/** What was sent and what came of it; every try and the body are one click away. */
export function DeliveryRow({ delivery }: { delivery: WebhookDelivery }) {
  const { tone, text } = outcomeOf(delivery)
  const { icon, color } = marks[tone]
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <span className={`mt-0.5 ${color}`}>
        <Icon name={icon} size={14} />
      </span>
      <div className="min-w-0 grow basis-56">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
          <span className="font-medium">{eventWord[delivery.event]}</span>
          <span className="figures text-xs text-ink-soft">
            <Time iso={delivery.created_at} />
          </span>
        </p>
        <p className={`mt-0.5 text-sm break-words ${tone === 'good' ? 'text-ink-soft' : color}`}>
          {text}
          {delivery.status === 'pending' && delivery.next_attempt_at !== null && delivery.attempts.length > 0 && (
            <>
              {' · next try '}
              <Time iso={delivery.next_attempt_at} future />
            </>
          )}
        </p>
        <details className="group mt-1 text-xs">
          <summary className="w-fit text-ink-faint hover:text-ink">Tries and message</summary>
          <Attempts delivery={delivery} />
        </details>
      </div>
      <SendAgain delivery={delivery} />
    </li>
  )
}

function Attempts({ delivery: { id, attempts, payload } }: { delivery: WebhookDelivery }) {
  return (
    <div className="mt-2 space-y-3">
      <p className="figures break-all text-ink-soft">webhook-id {id}</p>
      {attempts.length === 0 && <p className="text-ink-soft">Not tried yet.</p>}
      <ol className="space-y-2">
        {attempts.map(attempt => (
          <li key={attempt.number} className="border-l-2 border-line-strong pl-3">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span>
                Try {attempt.number}: {answerOf(attempt)}
              </span>
              <span className="figures text-ink-soft">
                {formatDuration(attempt.duration_ms)} · <Time iso={attempt.at} />
              </span>
            </p>
            {attempt.response !== null && attempt.response !== '' && (
              <pre className="figures mt-1 max-h-32 overflow-auto whitespace-pre-wrap break-all text-ink-soft">
                {attempt.response}
              </pre>
            )}
          </li>
        ))}
      </ol>
      <textarea
        readOnly
        aria-label="Message"
        value={JSON.stringify(payload, null, 2)}
        rows={10}
        spellCheck={false}
        className="figures block w-full resize-y rounded-sm bg-well p-3"
      />
    </div>
  )
}

function SendAgain({ delivery }: { delivery: WebhookDelivery }) {
  const client = useQueryClient()
  const say = useSay()
  const replay = useMutation({
    mutationFn: () => api.webhooks.replay(delivery.webhook_id, delivery.id),
    onSuccess: async () => {
      say({ text: 'It is sent again.' })
      await client.invalidateQueries({ queryKey: deliveriesKey(delivery.webhook_id) })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  return (
    <Button
      look="quiet"
      icon="retry"
      disabled={replay.isPending}
      onClick={() => replay.mutate()}
      aria-label={`Send again: ${eventWord[delivery.event]}`}
    >
      Send again
    </Button>
  )
}
