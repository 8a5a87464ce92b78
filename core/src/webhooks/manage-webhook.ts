import { authorize, authorizeEverywhere, notFound, type Page, type PageInput, readPage } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { checkWebhook } from './check-webhook.ts'
import { isBound } from './create-webhook.ts'
import { hostOf, noteWebhook } from './note-webhook.ts'
import type { Webhook } from './webhook.ts'
import type { WebhookSender } from './webhook-sender.ts'
import type { WebhookChange } from './webhook-store.ts'

type Id = { webhookId: string }

/** The webhook, if the caller may manage it; others answer like none. */
export async function findWebhook(
  stores: Pick<Stores, 'webhooks'>,
  ctx: Context,
  input: Id & { lock?: boolean },
): Promise<Webhook> {
  const { actor } = ctx
  const lock = input.lock === true
  const webhook = await stores.webhooks.find(actor.organizationId, input.webhookId, { lock })
  if (!webhook) throw notFound()
  if (webhook.projectId !== null) authorize(actor, webhook.projectId, 'project.manage')
  else if (isBound(actor)) throw notFound()
  authorizeEverywhere(actor, 'project.manage')
  return webhook
}

/** A webhook as its managers may see it. */
export const getWebhook = (deps: { database: Database }, ctx: Context, input: Id): Promise<Webhook> =>
  findWebhook(deps.database, ctx, input)

/** A page of the webhooks that the caller may manage, newest first; those of one project where one is named. */
export async function listWebhooks(
  deps: { database: Database },
  ctx: Context,
  input: PageInput & { projectId: string | null },
): Promise<Page<Webhook>> {
  const { actor } = ctx
  const { organizationId } = actor
  if (input.projectId !== null) {
    if (!(await deps.database.projects.find(organizationId, input.projectId))) throw notFound()
    authorize(actor, input.projectId, 'project.manage')
  } else authorizeEverywhere(actor, 'project.manage')
  const projectIds = input.projectId === null ? actor.projectIds : [input.projectId]
  return readPage(input, page => deps.database.webhooks.list({ organizationId, projectIds, ...page }))
}

/** Changes what is named. Enabled again, a webhook gets what still waits for it; while it is disabled nothing new is queued. */
export async function changeWebhook(
  deps: { database: Database; clock: Clock; webhookSender: WebhookSender },
  ctx: Context,
  input: Id & { fields: Partial<Pick<Webhook, 'url' | 'description' | 'events'>>; enabled: boolean | null },
): Promise<Webhook> {
  const fields = checkWebhook(deps.webhookSender, input.fields)
  const updatedAt = deps.clock.now()
  return deps.database.transaction(async tx => {
    const webhook = await findWebhook(tx, ctx, { webhookId: input.webhookId, lock: true })
    const change: WebhookChange = { ...fields, ...switchOf(webhook, input.enabled, updatedAt), updatedAt }
    await tx.webhooks.change({ organizationId: webhook.organizationId, webhookId: webhook.id }, change)
    await noteWebhook(tx, ctx, webhook, { event: 'webhook.changed', what: wordsOf(change), at: updatedAt })
    return { ...webhook, ...change }
  })
}

function wordsOf({ url, events, description, disabled }: WebhookChange): string {
  const changes = [
    ...(url === undefined ? [] : [`its URL to one at ${hostOf(url)}`]),
    ...(events === undefined ? [] : [`its events to ${events.join(', ')}`]),
    ...(description === undefined ? [] : ['its description']),
    ...(disabled === undefined ? [] : [disabled === null ? 'to on' : 'to off']),
  ]
  return `changed: ${changes.join('; ') || 'nothing'}`
}

function switchOf(webhook: Webhook, enabled: boolean | null, at: Date): Pick<WebhookChange, 'disabled'> {
  if (enabled === null || enabled === (webhook.disabled === null)) return {}
  return { disabled: enabled ? null : { at, reason: 'by_hand' } }
}

/** Removes a webhook with its log; what is on its way ends with it. */
export async function deleteWebhook(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  input: Id,
): Promise<void> {
  await deps.database.transaction(async tx => {
    const webhook = await findWebhook(tx, ctx, { ...input, lock: true })
    await tx.webhooks.remove({ organizationId: webhook.organizationId, webhookId: webhook.id })
    await noteWebhook(tx, ctx, webhook, { event: 'webhook.deleted', what: 'deleted', at: deps.clock.now() })
  })
}
