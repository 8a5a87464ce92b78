import type { Webhook } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Sheet } from '../design/dialog.tsx'
import { SelectField } from '../design/fields.tsx'
import { useSay } from '../design/notices.tsx'
import { failureOfError } from '../words/failures.ts'
import { counted } from '../words/numbers.ts'
import { deliveriesKey } from './queries.ts'
import { beginOf, type Span, spans, spanWord } from './webhook-words.ts'

/** After a receiver was away for long: everything that was given up, again. */
export function ReplayFailed({ webhook }: { webhook: Webhook }) {
  const client = useQueryClient()
  const say = useSay()
  const [asking, setAsking] = useState(false)
  const [span, setSpan] = useState<Span>('day')
  const replay = useMutation({
    mutationFn: () => api.webhooks.replayFailed(webhook.id, beginOf(span, Date.now())),
    onSuccess: async ({ replayed }) => {
      setAsking(false)
      say({ text: replayed === 0 ? 'Nothing failed in that time.' : `${counted(replayed, 'message')} sent again.` })
      await client.invalidateQueries({ queryKey: deliveriesKey(webhook.id) })
    },
  })
  return (
    <>
      <Button icon="retry" onClick={() => setAsking(true)}>
        Send failed ones again
      </Button>
      <Sheet open={asking} title="Send again what failed" onClose={() => setAsking(false)}>
        <p className="mb-4 text-ink-soft text-pretty">
          Each message goes out under the id that it had, so that a receiver which knows it already can leave it.
        </p>
        <SelectField
          label="Of events of the"
          value={span}
          onChange={setSpan}
          options={spans.map(value => ({ value, label: spanWord[value] }))}
        />
        {replay.error !== null && (
          <p role="alert" className="mt-3 text-sm text-red-ink">
            {failureOfError(replay.error).detail}
          </p>
        )}
        <div className="mt-6 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button look="primary" icon="retry" disabled={replay.isPending} onClick={() => replay.mutate()}>
            {replay.isPending ? 'Sending…' : 'Send again'}
          </Button>
        </div>
      </Sheet>
    </>
  )
}
