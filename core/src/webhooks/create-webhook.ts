import { type Actor, authorizeEverywhere, findProject, forbidden, limitReached } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { checkWebhook } from './check-webhook.ts'
import { hostOf, noteWebhook } from './note-webhook.ts'
import type { SecretSeal } from './secret-seal.ts'
import { newWebhookSecret } from './signature.ts'
import { MAX_WEBHOOKS_PER_PROJECT, type Webhook, type WebhookEvent } from './webhook.ts'
import type { WebhookSender } from './webhook-sender.ts'

type Deps = { database: Database; clock: Clock; webhookSeal: SecretSeal; webhookSender: WebhookSender }

export interface WebhookInput {
  url: string
  description: string
  events: readonly WebhookEvent[]
  /** Null: the events of every project of the organisation. */
  projectId: string | null
}

/**
 * Makes a webhook and resolves with its secret, which nobody can read again. Rejects with `webhook_url_refused`, `invalid_request`,
 * `not_found`, `forbidden`, or `limit_reached`.
 */
export async function createWebhook(
  deps: Deps,
  ctx: Context,
  input: WebhookInput,
): Promise<{ webhook: Webhook; secret: string }> {
  const { organizationId } = ctx.actor
  const projectId = await placeOf(deps, ctx, input.projectId)
  const { url, description, events } = input
  const fields = { url, description, events, ...checkWebhook(deps.webhookSender, { url, description, events }) }
  const [id, secret, now] = [newId(), newWebhookSecret(), deps.clock.now()]
  const webhook: Webhook = {
    ...{ id, organizationId, projectId, ...fields, disabled: null, createdAt: now, updatedAt: now },
    secrets: [{ sealed: deps.webhookSeal.seal(id, secret), expiresAt: null }],
  }
  await deps.database.transaction(async tx => {
    if ((await tx.webhooks.countLocked(organizationId, projectId)) >= MAX_WEBHOOKS_PER_PROJECT)
      throw limitReached('webhooks of one project', MAX_WEBHOOKS_PER_PROJECT)
    await tx.webhooks.add(webhook)
    await noteWebhook(tx, ctx, webhook, { event: 'webhook.created', what: `made for ${hostOf(url)}`, at: now })
    await settleOnce(tx, ctx, { id })
  })
  return { webhook, secret }
}

async function placeOf(deps: Deps, ctx: Context, projectId: string | null): Promise<string | null> {
  if (projectId === null) {
    authorizeEverywhere(ctx.actor, 'project.manage')
    if (isBound(ctx.actor)) throw forbidden('project.manage')
    return null
  }
  return (await findProject(deps.database, ctx, { projectId, action: 'project.manage' })).id
}

/** What concerns the whole organisation is not for who reaches some of its projects alone. */
export const isBound = (actor: Actor): boolean => actor.projectIds !== null
