import type { Webhook } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { Confirm } from '../design/confirm.tsx'
import { useSay } from '../design/notices.tsx'
import { Ending } from '../settings/parts.tsx'
import { failureOfError } from '../words/failures.ts'
import { webhookQuery, webhooksQuery } from './queries.ts'

/** On and off. What waits stays, and goes out when it is on again. */
export function SwitchWebhook({ webhook }: { webhook: Webhook }) {
  const { organization_id: organizationId } = useMe()
  const client = useQueryClient()
  const say = useSay()
  const change = useMutation({
    mutationFn: (enabled: boolean) => api.webhooks.change(webhook.id, { enabled }),
    onSuccess: fresh => {
      client.setQueryData(webhookQuery(webhook.id).queryKey, fresh)
      void client.invalidateQueries(webhooksQuery(organizationId))
      say({ text: fresh.enabled ? 'The webhook is on.' : 'The webhook is off. Nothing new is queued for it.' })
    },
    onError: error => say({ text: failureOfError(error).detail, tone: 'bad' }),
  })
  return (
    <Button
      look={webhook.enabled ? 'plain' : 'primary'}
      icon={webhook.enabled ? 'blocked' : 'check'}
      disabled={change.isPending}
      onClick={() => change.mutate(!webhook.enabled)}
    >
      {webhook.enabled ? 'Turn off' : 'Turn on'}
    </Button>
  )
}

export function DeleteWebhook({ webhook }: { webhook: Webhook }) {
  const { organization_id: organizationId } = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const [asking, setAsking] = useState(false)
  const deletion = useMutation({
    mutationFn: () => api.webhooks.delete(webhook.id),
    onSuccess: async () => {
      await client.invalidateQueries(webhooksQuery(organizationId))
      await navigate({ to: '/settings/webhooks' })
      say({ text: 'The webhook is deleted.' })
    },
  })
  return (
    <>
      <Ending
        title="Delete this webhook"
        about="With the log of its deliveries."
        action={
          <Button icon="trash" onClick={() => setAsking(true)}>
            Delete webhook
          </Button>
        }
      />
      <Confirm
        open={asking}
        title="Delete this webhook?"
        action="Delete webhook"
        pending={deletion.isPending}
        error={deletion.error && failureOfError(deletion.error).detail}
        onConfirm={() => deletion.mutate()}
        onClose={() => {
          deletion.reset()
          setAsking(false)
        }}
      >
        Messages that are on their way to <span className="figures break-all">{webhook.url}</span> end with it. This
        cannot be undone; turning it off can.
      </Confirm>
    </>
  )
}
