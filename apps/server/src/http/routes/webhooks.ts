import {
  ImageIdParams,
  NewWebhook,
  Webhook,
  WebhookChange,
  WebhookList,
  WebhookQuery,
  WebhookRequest,
} from '@calotype/contract'
import {
  changeWebhook,
  createdId,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateSecret,
  runOnce,
} from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { chooseReach } from '../choose-reach.ts'
import { presentWebhook } from '../present-webhook.ts'
import { withProblems } from '../route-schema.ts'

const manage = { tags: ['webhooks'], 'x-permission': 'project.manage' as const }
const params = ImageIdParams

/** `/webhooks`: where messages about images go, by the Standard Webhooks specification. */
export function webhooks(app: App, deps: Deps): void {
  createAndList(app, deps)
  const getSchema = {
    ...manage,
    summary: 'Get a webhook',
    params,
    response: withProblems({ 200: Webhook }, [400, 403]),
  }
  app.get('/webhooks/:id', { schema: getSchema }, async request =>
    presentWebhook(await getWebhook(deps, contextOf(request), { webhookId: request.params.id })),
  )

  const changeSchema = {
    ...manage,
    summary: 'Change, enable or disable a webhook',
    description: 'While it is disabled nothing new is queued; what waits goes out when it is enabled again.',
    params,
    body: WebhookChange,
    response: withProblems({ 200: Webhook }, [400, 403]),
  }
  app.patch('/webhooks/:id', { schema: changeSchema }, async request => {
    const { enabled, url, events, description } = request.body
    const fields = {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(description === undefined ? {} : { description }),
    }
    const input = { webhookId: request.params.id, fields, enabled: enabled ?? null }
    return presentWebhook(await changeWebhook(deps, contextOf(request), input))
  })

  const rotateSchema = {
    ...manage,
    summary: 'Give a webhook a new secret',
    description: 'The new secret is answered once. For 24 hours deliveries are signed with the one before, too.',
    params,
    response: withProblems({ 200: NewWebhook }, [400, 403]),
  }
  app.post('/webhooks/:id/rotate-secret', { schema: rotateSchema }, async (request, reply) => {
    const { webhook, secret } = await rotateSecret(deps, contextOf(request), { webhookId: request.params.id })
    return reply.header('cache-control', 'no-store').send({ ...presentWebhook(webhook), secret })
  })

  const deleteSchema = {
    ...manage,
    summary: 'Delete a webhook',
    description: 'With its log; what is on its way ends with it.',
    params,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Deleted' }) }, [400, 403]),
  }
  app.delete('/webhooks/:id', { schema: deleteSchema }, async (request, reply) => {
    await deleteWebhook(deps, contextOf(request), { webhookId: request.params.id })
    return reply.code(204).send(undefined)
  })
}

function createAndList(app: App, deps: Deps): void {
  const createSchema = {
    ...manage,
    summary: 'Make a webhook',
    description: 'The secret is answered once. At most 20 for a project, and 20 for the organisation as a whole.',
    body: WebhookRequest,
    response: withProblems({ 201: NewWebhook }, [400, 403, 409]),
  }
  app.post('/webhooks', { config: { idempotent: true }, schema: createSchema }, async (request, reply) => {
    const { project_id, scope, ...rest } = request.body
    const ctx = contextOf(request)
    const made = await runOnce(deps, ctx, request.body, {
      run: async once =>
        createWebhook(deps, once, { ...rest, projectId: await chooseReach(deps, ctx, { project_id, scope }) }),
      repeat: async made => ({ webhook: await getWebhook(deps, ctx, { webhookId: createdId(made) }), secret: null }),
    })
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...presentWebhook(made.webhook), ...(made.secret === null ? {} : { secret: made.secret }) })
  })

  const listSchema = {
    ...manage,
    summary: 'List webhooks',
    description: 'As far as the credential reaches, newest first; never a secret.',
    querystring: WebhookQuery,
    response: withProblems({ 200: WebhookList }, [400, 403]),
  }
  app.get('/webhooks', { schema: listSchema }, async request => {
    const { project_id, cursor, limit } = request.query
    const input = { projectId: project_id ?? null, cursor: cursor ?? null, limit }
    const { items, nextCursor } = await listWebhooks(deps, contextOf(request), input)
    return { items: items.map(presentWebhook), next_cursor: nextCursor }
  })
}
