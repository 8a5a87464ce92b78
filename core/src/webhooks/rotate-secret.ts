import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { findWebhook } from './manage-webhook.ts'
import { noteWebhook } from './note-webhook.ts'
import type { SecretSeal } from './secret-seal.ts'
import { newWebhookSecret } from './signature.ts'
import type { SealedSecret, Webhook } from './webhook.ts'

/** The secret before is signed with, too, for so long. */
export const SECRET_OVERLAP_MS = 24 * 3_600_000
/** Secrets that hold at a time; rotated more often than that, the oldest end early. */
export const MAX_SECRETS = 5

/** Gives a webhook a new secret and resolves with it; those before hold to the end of their overlap. */
export async function rotateSecret(
  deps: { database: Database; clock: Clock; webhookSeal: SecretSeal },
  ctx: Context,
  input: { webhookId: string },
): Promise<{ webhook: Webhook; secret: string }> {
  const secret = newWebhookSecret()
  return deps.database.transaction(async tx => {
    const webhook = await findWebhook(tx, ctx, { ...input, lock: true })
    const now = deps.clock.now()
    const end = new Date(now.getTime() + SECRET_OVERLAP_MS)
    const before = holding(webhook.secrets, now).map(each => ({ ...each, expiresAt: each.expiresAt ?? end }))
    const newest = { sealed: deps.webhookSeal.seal(webhook.id, secret), expiresAt: null }
    const change = { secrets: [newest, ...before].slice(0, MAX_SECRETS), updatedAt: now }
    await tx.webhooks.change({ organizationId: webhook.organizationId, webhookId: webhook.id }, change)
    await noteWebhook(tx, ctx, webhook, { event: 'webhook.rotated', what: 'given a new secret', at: now })
    return { webhook: { ...webhook, ...change }, secret }
  })
}

/** Those that are still signed with. */
export const holding = (secrets: readonly SealedSecret[], now: Date): readonly SealedSecret[] =>
  secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
