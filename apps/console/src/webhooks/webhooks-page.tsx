import type { Webhook } from '@calotype/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { Button } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Time } from '../design/time.tsx'
import { projectsQuery } from '../projects/project.tsx'
import { CouldNotLoad, LoadingRows, Nothing, Page, Section } from '../settings/parts.tsx'
import { NewWebhook } from './new-webhook.tsx'
import { webhooksQuery } from './queries.ts'
import { heardOf, whyOff } from './webhook-words.ts'

export function WebhooksPage() {
  const mayManage = useMay('project.manage')
  return (
    <Page
      title="Webhooks"
      about="Your servers hear of images as things happen. Each message is signed by the Standard Webhooks specification and tried again for three days."
    >
      {mayManage ? <Webhooks /> : <Nothing>Only owners and admins see and make webhooks.</Nothing>}
    </Page>
  )
}

function Webhooks() {
  const { organization_id: organizationId } = useMe()
  const webhooks = useQuery(webhooksQuery(organizationId))
  const projects = useQuery(projectsQuery(organizationId))
  const names = new Map(projects.data?.map(({ id, name }) => [id, name]))
  const [making, setMaking] = useState(false)
  return (
    <Section
      title="Receivers"
      action={
        <Button look="primary" icon="plus" onClick={() => setMaking(true)}>
          New webhook
        </Button>
      }
    >
      {webhooks.isPending && <LoadingRows label="Loading webhooks" />}
      {webhooks.error !== null && (
        <CouldNotLoad what="The webhooks" error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      )}
      {webhooks.data?.length === 0 && <Nothing>Nobody is told of anything yet.</Nothing>}
      {webhooks.data !== undefined && webhooks.data.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {webhooks.data.map(webhook => (
            <WebhookRow key={webhook.id} webhook={webhook} names={names} />
          ))}
        </ul>
      )}
      <NewWebhook open={making} projects={projects.data ?? []} onClose={() => setMaking(false)} />
    </Section>
  )
}

function WebhookRow({ webhook, names }: { webhook: Webhook; names: ReadonlyMap<string, string> }) {
  const off = whyOff(webhook)
  return (
    <li className="relative flex items-center gap-4 py-3 hover:bg-hover">
      <div className="min-w-0 grow">
        <Link
          to="/settings/webhooks/$webhookId"
          params={{ webhookId: webhook.id }}
          className="figures text-sm font-medium break-all after:absolute after:inset-0"
        >
          {webhook.url}
        </Link>
        {webhook.description !== '' && <p className="mt-0.5 text-sm">{webhook.description}</p>}
        <p className="mt-0.5 text-xs text-ink-soft">
          {heardOf(webhook)}
          {' · '}
          {webhook.project_id === null ? 'every project' : (names.get(webhook.project_id) ?? 'a project that is gone')}
        </p>
        <p className="mt-0.5 text-xs text-ink-faint">
          Made <Time iso={webhook.created_at} />
        </p>
      </div>
      <span
        className={`inline-flex shrink-0 items-center gap-1.5 text-sm ${off === null ? 'text-green-ink' : 'text-ink-soft'}`}
      >
        <Icon name={off === null ? 'check' : 'blocked'} size={12} />
        <span title={off ?? undefined}>{off === null ? 'On' : 'Off'}</span>
      </span>
      <span className="text-ink-faint">
        <Icon name="next" />
      </span>
    </li>
  )
}
