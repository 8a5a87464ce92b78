import { CalotypeError, type Webhook } from '@calotype/sdk'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../access/me.tsx'
import { buttonClass } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Page } from '../settings/parts.tsx'
import { Deliveries } from './deliveries.tsx'
import { webhookQuery } from './queries.ts'
import { RotateSecret } from './rotate-secret.tsx'
import { DeleteWebhook, SwitchWebhook } from './steer-webhook.tsx'
import { heardOf, whyOff } from './webhook-words.ts'

const route = getRouteApi('/settings/webhooks/$webhookId')

export function WebhookPage() {
  const { webhookId } = route.useParams()
  const mayManage = useMay('project.manage')
  const webhook = useQuery({ ...webhookQuery(webhookId), enabled: mayManage })
  const isGone = webhook.error instanceof CalotypeError && webhook.error.status === 404
  return (
    <Page title="Webhook" about={webhook.data?.url}>
      <Link to="/settings/webhooks" className={`${buttonClass('quiet')} -mt-6 -ml-3`}>
        <Icon name="back" /> All webhooks
      </Link>
      {!mayManage && <Nothing>Only owners and admins see webhooks.</Nothing>}
      {mayManage && webhook.isPending && <LoadingRows label="Loading the webhook" />}
      {isGone && <Nothing>There is no such webhook; it may have been deleted.</Nothing>}
      {webhook.error !== null && !isGone && (
        <CouldNotLoad what="The webhook" error={webhook.error} onRetry={() => void webhook.refetch()} />
      )}
      {webhook.data !== undefined && !isGone && <Details webhook={webhook.data} />}
    </Page>
  )
}

function Details({ webhook }: { webhook: Webhook }) {
  const off = whyOff(webhook)
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4 border-y border-line py-4">
        <div className="min-w-0">
          <p className={`flex items-center gap-1.5 text-sm ${off === null ? 'text-green-ink' : ''}`}>
            <Icon name={off === null ? 'check' : 'blocked'} size={12} />
            {off ?? 'On'}
            {webhook.disabled_at !== null && (
              <span className="text-ink-soft">
                <Time iso={webhook.disabled_at} />
              </span>
            )}
          </p>
          <p className="mt-0.5 text-xs text-ink-soft">{heardOf(webhook)}</p>
          {webhook.description !== '' && <p className="mt-0.5 text-xs text-ink-soft">{webhook.description}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <RotateSecret webhook={webhook} />
          <SwitchWebhook webhook={webhook} />
        </div>
      </div>
      <Deliveries webhook={webhook} />
      <DeleteWebhook webhook={webhook} />
    </>
  )
}
