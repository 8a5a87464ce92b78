import type { Webhook } from '@calotype/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMe } from '../access/me.tsx'
import { api } from '../app/api.ts'
import { Button } from '../design/button.tsx'
import { useSay } from '../design/notices.tsx'
import { DeleteForGood } from '../settings/delete-for-good.tsx'
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
  return (
    <DeleteForGood
      what="webhook"
      about="With the log of its deliveries."
      question="Delete this webhook?"
      run={() => api.webhooks.delete(webhook.id)}
      onGone={async () => {
        await client.invalidateQueries(webhooksQuery(organizationId))
        await navigate({ to: '/settings/webhooks' })
        say({ text: 'The webhook is deleted.' })
      }}
    >
      Messages that are on their way to <span className="figures break-all">{webhook.url}</span> end with it. This
      cannot be undone; turning it off can.
    </DeleteForGood>
  )
}
