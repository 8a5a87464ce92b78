import {
  DeliveryParams,
  DeliveryQuery,
  ImageIdParams,
  ReplayAnswer,
  ReplayRequest,
  WebhookDelivery,
  WebhookDeliveryList,
} from '@calotype/contract'
import { listDeliveries, replayDelivery, replayFailed } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentDelivery } from '../present-webhook.ts'
import { withProblems } from '../route-schema.ts'

const manage = { tags: ['webhooks'], 'x-permission': 'project.manage' as const }

/** `/webhooks/{id}/deliveries`: the log of a webhook, kept for 30 days, and how to send again. */
export function webhookDeliveries(app: App, deps: Deps): void {
  const listSchema = {
    ...manage,
    summary: 'List deliveries to a webhook',
    description: 'Newest first, with every try, of the last 30 days.',
    params: ImageIdParams,
    querystring: DeliveryQuery,
    response: withProblems({ 200: WebhookDeliveryList }, [400, 403]),
  }
  app.get('/webhooks/:id/deliveries', { schema: listSchema }, async request => {
    const { status, cursor, limit } = request.query
    const input = { webhookId: request.params.id, status: status ?? null, cursor: cursor ?? null, limit }
    const { items, nextCursor } = await listDeliveries(deps, contextOf(request), input)
    return { items: items.map(presentDelivery), next_cursor: nextCursor }
  })

  const replaySchema = {
    ...manage,
    summary: 'Send a delivery again',
    description: 'Whatever came of it: the same message under the same id.',
    params: DeliveryParams,
    response: withProblems({ 202: WebhookDelivery }, [400, 403]),
  }
  app.post('/webhooks/:id/deliveries/:delivery_id/replay', { schema: replaySchema }, async (request, reply) => {
    const { id: webhookId, delivery_id: deliveryId } = request.params
    const delivery = await replayDelivery(deps, contextOf(request), { webhookId, deliveryId })
    deps.wakeWebhooks()
    return reply.code(202).send(presentDelivery(delivery))
  })

  const replayFailedSchema = {
    ...manage,
    summary: 'Send again what failed',
    params: ImageIdParams,
    body: ReplayRequest,
    response: withProblems({ 202: ReplayAnswer }, [400, 403]),
  }
  app.post('/webhooks/:id/replay', { schema: replayFailedSchema }, async (request, reply) => {
    const input = { webhookId: request.params.id, since: new Date(request.body.since) }
    const replayed = await replayFailed(deps, contextOf(request), input)
    deps.wakeWebhooks()
    return reply.code(202).send({ replayed })
  })
}
