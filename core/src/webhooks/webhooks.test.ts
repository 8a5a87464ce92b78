import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { audited, contextOf, createFakeWebhookSender, createWorld, seedProject } from '../testing/index.ts'
import {
  changeWebhook,
  createSecretSeal,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listDeliveries,
  listWebhooks,
  MAX_SECRETS,
  MAX_WEBHOOK_DESCRIPTION,
  MAX_WEBHOOK_URL_LENGTH,
  MAX_WEBHOOKS_PER_PROJECT,
  newWebhookSecret,
  replayDelivery,
  replayFailed,
  rotateSecret,
  SECRET_BYTES,
  SECRET_OVERLAP_MS,
  type WebhookInput,
} from './index.ts'

async function scene() {
  const world = await createWorld()
  const webhookSeal = createSecretSeal('a secret for tests')
  const deps = { ...world.deps, webhookSeal, webhookSender: createFakeWebhookSender() }
  const create = (more: Partial<WebhookInput> = {}, ctx: Context = world.owner) =>
    createWebhook(deps, ctx, {
      ...{ url: 'https://a.test/hook', description: 'Ours', events: ['image.ready'], projectId: world.project.id },
      ...more,
    })
  return { world, deps, create, owner: world.owner }
}

describe('a new webhook', () => {
  it('has a secret that is told once and kept sealed', async () => {
    const { world, deps, create, owner } = await scene()
    const { webhook, secret } = await create({ events: ['image.ready', 'image.ready'] })
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/)
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(SECRET_BYTES)
    expect(JSON.stringify([...world.memory.inspect().webhooks])).not.toContain(secret.slice(6))
    const [sealed] = webhook.secrets
    expect(deps.webhookSeal.open(webhook.id, sealed?.sealed ?? '')).toBe(secret)
    expect(() => deps.webhookSeal.open(newId(), sealed?.sealed ?? '')).toThrow()
    expect(() => createSecretSeal('another').open(webhook.id, sealed?.sealed ?? '')).toThrow()
    expect(await getWebhook(deps, owner, { webhookId: webhook.id })).toEqual(webhook)
    expect(webhook.events).toEqual(['image.ready'])
    expect(newWebhookSecret()).not.toBe(newWebhookSecret())
  })

  it('is refused with what no webhook can have', async () => {
    const { create } = await scene()
    const refusals: [Partial<WebhookInput>, object][] = [
      [{ url: 'http://a.test' }, { code: 'webhook_url_refused', details: { reason: 'not_https' } }],
      [
        { url: `https://a.test/${'a'.repeat(MAX_WEBHOOK_URL_LENGTH)}` },
        { code: 'invalid_request', details: { reason: 'url', limit: MAX_WEBHOOK_URL_LENGTH } },
      ],
      [
        { description: 'a'.repeat(MAX_WEBHOOK_DESCRIPTION + 1) },
        { code: 'invalid_request', details: { reason: 'description', limit: MAX_WEBHOOK_DESCRIPTION } },
      ],
      [{ events: [] }, { code: 'invalid_request', details: { reason: 'events' } }],
      [{ projectId: newId() }, { code: 'not_found' }],
    ]
    for (const [input, refusal] of refusals) await expect(create(input)).rejects.toMatchObject(refusal)
  })

  it('is one of at most twenty of its project, and of twenty of the organisation', async () => {
    const { create } = await scene()
    for (const projectId of [undefined, null]) {
      const more = projectId === undefined ? {} : { projectId }
      for (let count = 0; count < MAX_WEBHOOKS_PER_PROJECT; count++) await create(more)
      await expect(create(more)).rejects.toMatchObject({ code: 'limit_reached', details: { limit: 20 } })
    }
  })
})

describe('who may', () => {
  it('manage webhooks: owners and admins, as far as they reach', async () => {
    const { world, deps, create } = await scene()
    const { webhook } = await create()
    const wide = (await create({ projectId: null })).webhook
    const second = await seedProject(world.memory, { organizationId: world.project.organizationId, name: 'second' })
    const as = (more: Parameters<typeof contextOf>[1]) => contextOf(world.project, more)
    const member = as({ role: 'member' })
    const bound = as({ role: 'owner', projectIds: [second.id] })
    const foreign = contextOf(await seedProject(world.memory))
    const calls = (ctx: Context, webhookId: string) => [
      getWebhook(deps, ctx, { webhookId }),
      changeWebhook(deps, ctx, { webhookId, fields: {}, enabled: false }),
      rotateSecret(deps, ctx, { webhookId }),
      listDeliveries(deps, ctx, { webhookId, status: null, cursor: null, limit: 5 }),
      replayDelivery(deps, ctx, { webhookId, deliveryId: newId() }),
      replayFailed(deps, ctx, { webhookId, since: new Date(0) }),
      deleteWebhook(deps, ctx, { webhookId }),
    ]
    const codes = async (ctx: Context, webhookId: string) =>
      (await Promise.allSettled(calls(ctx, webhookId))).map(each => each.status === 'rejected' && each.reason.code)
    for (const each of await codes(member, webhook.id)) expect(each).toBe('forbidden')
    for (const each of await codes(bound, webhook.id)) expect(each).toBe('not_found')
    for (const each of await codes(bound, wide.id)) expect(each).toBe('not_found')
    for (const each of await codes(foreign, webhook.id)) expect(each).toBe('not_found')
    await expect(create({ projectId: null }, bound)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(create({}, bound)).rejects.toMatchObject({ code: 'not_found' })
    await expect(create({}, member)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await create({}, as({ role: 'admin' }))).webhook.projectId).toBe(world.project.id)
    const page = { projectId: null, cursor: null, limit: 50 }
    expect((await listWebhooks(deps, bound, page)).items).toEqual([])
    expect((await listWebhooks(deps, world.owner, page)).items).toHaveLength(3)
    const own = { ...page, projectId: world.project.id }
    expect((await listWebhooks(deps, world.owner, own)).items).toHaveLength(2)
    await expect(listWebhooks(deps, bound, own)).rejects.toMatchObject({ code: 'not_found' })
    await expect(listWebhooks(deps, member, page)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

it('changes what is named, and goes with its log', async () => {
  const { world, deps, create, owner } = await scene()
  const { webhook } = await create()
  const webhookId = webhook.id
  const off = await changeWebhook(deps, owner, { webhookId, fields: { description: 'x' }, enabled: false })
  expect(off).toMatchObject({ description: 'x', url: webhook.url, disabled: { reason: 'by_hand' } })
  const again = await changeWebhook(deps, owner, { webhookId, fields: {}, enabled: false })
  expect(again.disabled).toEqual(off.disabled)
  expect((await changeWebhook(deps, owner, { webhookId, fields: {}, enabled: true })).disabled).toBeNull()
  await deleteWebhook(deps, owner, { webhookId })
  await expect(getWebhook(deps, owner, { webhookId })).rejects.toMatchObject({ code: 'not_found' })
  expect(world.memory.inspect().webhooks.size).toBe(0)
})

it('keeps secrets before for a day, a few at a time', async () => {
  const { world, deps, create, owner } = await scene()
  const { webhook, secret } = await create()
  const rotate = () => rotateSecret(deps, owner, { webhookId: webhook.id })
  const opened = (secrets: readonly { sealed: string }[]) =>
    secrets.map(({ sealed }) => deps.webhookSeal.open(webhook.id, sealed))
  const first = await rotate()
  expect(opened(first.webhook.secrets)).toEqual([first.secret, secret])
  const end = new Date(world.clock.now().getTime() + SECRET_OVERLAP_MS)
  expect(first.webhook.secrets.map(({ expiresAt }) => expiresAt)).toEqual([null, end])
  world.clock.advance(SECRET_OVERLAP_MS)
  const second = await rotate()
  expect(opened(second.webhook.secrets)).toEqual([second.secret, first.secret])
  for (let count = 0; count < MAX_SECRETS; count++) await rotate()
  expect((await rotate()).webhook.secrets).toHaveLength(MAX_SECRETS)
})

it('tells both logs who steers where messages go, without the path of a URL', async () => {
  const { world, deps, create, owner } = await scene()
  const { webhook } = await create({ url: 'https://a.test/very-secret' })
  const input = { webhookId: webhook.id }
  await changeWebhook(deps, owner, { ...input, fields: { url: 'https://b.test/very-secret' }, enabled: false })
  await rotateSecret(deps, owner, input)
  await deleteWebhook(deps, owner, input)
  const events = ['created', 'changed', 'rotated', 'deleted']
  expect(audited(world)).toEqual(events.map(event => `${owner.actor.id} webhook.${event} ${webhook.id}`))
  const [audit, security] = [world.memory.inspect().audit, world.memory.inspect().securityLog].map(log => [
    ...log.values(),
  ])
  expect(security?.map(({ detail }) => detail)).toEqual(audit?.map(({ detail }) => detail))
  expect(JSON.stringify(audit)).toContain('its URL to one at b.test; to off')
  expect(JSON.stringify(audit)).not.toContain('very-secret')
})
