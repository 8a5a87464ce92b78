import { describe, expect, it } from 'vitest'
import { deleteImage } from '../images/index.ts'
import { answered, audited, createFakeWebhookSender, createWorld, lostConnection, upload } from '../testing/index.ts'
import {
  createSecretSeal,
  createWebhook,
  createWebhookDispatcher,
  DELIVERY_LEASE_MS,
  DELIVERY_LOG_DAYS,
  type Delivered,
  getWebhook,
  listDeliveries,
  MAX_CONCURRENT_PER_ENDPOINT,
  MAX_DELIVERIES_IN_FLIGHT,
  pruneDeliveries,
  queueWebhooks,
  replayDelivery,
  replayFailed,
  rotateSecret,
  signWebhook,
  WEBHOOK_EVENTS,
} from './index.ts'

const HOUR = 3_600_000

async function scene() {
  const world = await createWorld()
  const sender = createFakeWebhookSender()
  const deps = { ...world.deps, webhookSeal: createSecretSeal('s'), webhookSender: sender, random: () => 0.5 }
  const outcomes: Delivered['outcome'][] = []
  const errors: unknown[] = []
  const dispatcher = createWebhookDispatcher(deps, {
    pollMs: null,
    onDelivered: (_, { outcome }) => void outcomes.push(outcome),
    onError: error => void errors.push(error),
  })
  const create = (url = 'https://a.test/') =>
    createWebhook(deps, world.owner, { url, description: '', events: WEBHOOK_EVENTS, projectId: null })
  return {
    ...{ world, sender, deps, outcomes, errors, dispatcher, create },
    /** Sends what is due and waits for it. */
    dispatch: async () => {
      dispatcher.wake()
      await dispatcher.idle()
    },
    log: async (webhookId: string) =>
      (await listDeliveries(deps, world.owner, { webhookId, status: null, cursor: null, limit: 200 })).items,
  }
}

const typeOf = ({ body }: { body: string }): string => JSON.parse(body).type

describe('deliveries', () => {
  it('tell of uploads, ready images and deletions, signed, with ids and links and nothing private', async () => {
    const { world, sender, create, dispatch, log } = await scene()
    const { webhook, secret } = await create()
    const { image } = await upload(world, Buffer.from('a roof'))
    await world.runJobs()
    await deleteImage(world.deps, world.owner, { imageId: image.id })
    await dispatch()
    expect(sender.sent.map(typeOf).sort()).toEqual(['image.deleted', 'image.ready', 'image.uploaded'])
    for (const { headers, body } of sender.sent) {
      const id = headers['webhook-id'] ?? ''
      expect(headers).toMatchObject(signWebhook({ id, body, at: world.clock.now() }, [secret]))
      const { type, timestamp, data } = JSON.parse(body)
      expect(Object.keys(JSON.parse(body))).toEqual(['type', 'timestamp', 'data'])
      expect(new Date(timestamp).toISOString()).toBe(timestamp)
      expect(data).toEqual({
        ...{ image_id: image.id, project_id: world.project.id, status: type.split('.')[1], reference: null },
        ...{ failure: null, analysis: { status: 'none', types: [] } },
        links: {
          ...{ self: `/api/v1/images/${image.id}`, file: `/api/v1/images/${image.id}/file` },
          signed_url: `/api/v1/images/${image.id}/signed-url`,
        },
      })
      expect(body).not.toContain('roof.jpg')
    }
    expect((await log(webhook.id)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  it('are not there when the event is not: a transaction that fails leaves no message', async () => {
    const { world, create, log } = await scene()
    const { webhook } = await create()
    const broken = world.memory.transaction(async tx => {
      const image = { id: 'i', projectId: world.project.id, status: 'ready', reference: null, failure: null }
      const news = { image: { ...image, analysis: { status: 'none', types: [] } }, event: 'image.ready' as const }
      await queueWebhooks(tx, [{ ...news, at: world.clock.now() }])
      throw new Error('no')
    })
    await expect(broken).rejects.toThrow('no')
    expect(await log(webhook.id)).toEqual([])
  })

  it('come in the end to a receiver that fails for 70 hours, under one id, and are given up after 72', async () => {
    const { world, sender, create, dispatch, outcomes, log } = await scene()
    const good = await create('https://slow.test/')
    const never = await create('https://never.test/')
    await upload(world, Buffer.from('a'))
    const begin = world.clock.now().getTime()
    const elapsed = () => world.clock.now().getTime() - begin
    sender.receive = ({ url }) => answered(url.includes('slow') && elapsed() >= 70 * HOUR ? 204 : 503)
    for (; elapsed() < 74 * HOUR; world.clock.advance(60_000)) await dispatch()
    const [delivered] = await log(good.webhook.id)
    expect(delivered).toMatchObject({ status: 'succeeded', nextAttemptAt: null })
    expect(delivered?.log.at(-1)).toMatchObject({ status: 204 })
    const [given] = await log(never.webhook.id)
    expect(given).toMatchObject({ status: 'failed', nextAttemptAt: null })
    expect(given?.log.at(-1)?.at.getTime()).toBeGreaterThanOrEqual(begin + 72 * HOUR)
    expect(given?.log.map(({ number }) => number)).toEqual(given?.log.map((_, index) => index + 1))
    expect(new Set(sender.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(given?.attempts).toBeLessThan(30)
    expect(outcomes.filter(outcome => outcome !== 'tried_again').sort()).toEqual(['failed', 'succeeded'])
  })

  it('are sent again by hand, one or all that failed since', async () => {
    const { world, sender, deps, create, dispatch, log } = await scene()
    const { webhook } = await create()
    sender.receive = () => answered(500)
    await upload(world, Buffer.from('a'))
    for (let hour = 0; hour <= 80; hour++) {
      await dispatch()
      world.clock.advance(HOUR)
    }
    expect((await log(webhook.id))[0]?.status).toBe('failed')
    sender.receive = () => answered(200)
    const webhookId = webhook.id
    expect(await replayFailed(deps, world.owner, { webhookId, since: world.clock.now() })).toBe(0)
    expect(await replayFailed(deps, world.owner, { webhookId, since: new Date(0) })).toBe(1)
    await dispatch()
    const [delivery] = await log(webhookId)
    expect(delivery?.status).toBe('succeeded')
    const before = sender.sent.length
    await replayDelivery(deps, world.owner, { webhookId, deliveryId: delivery?.id ?? '' })
    await dispatch()
    expect(sender.sent.slice(before).map(({ headers }) => headers['webhook-id'])).toEqual([delivery?.id])
  })

  it('end when the receiver says that it is gone: the webhook is disabled and hears no more', async () => {
    const { world, sender, deps, create, dispatch, outcomes } = await scene()
    const { webhook } = await create()
    sender.receive = () => answered(410)
    await upload(world, Buffer.from('a'))
    await dispatch()
    expect(outcomes).toEqual(['disabled'])
    const now = await getWebhook(deps, world.owner, { webhookId: webhook.id })
    expect(now.disabled).toMatchObject({ reason: 'gone' })
    expect(audited(world)).toContain(`calotype webhook.changed ${webhook.id}`)
    await upload(world, Buffer.from('b'))
    await dispatch()
    expect(sender.sent).toHaveLength(1)
  })

  it('are signed with the secret before, too, for a day', async () => {
    const { world, sender, deps, create, dispatch } = await scene()
    const { webhook, secret } = await create()
    const rotated = await rotateSecret(deps, world.owner, { webhookId: webhook.id })
    const sign = async () => {
      await upload(world, Buffer.from(String(sender.sent.length)))
      await dispatch()
      const { headers, body } = sender.sent.at(-1) ?? expect.fail()
      const message = { id: headers['webhook-id'] ?? '', body, at: world.clock.now() }
      return (secrets: string[]) =>
        expect(headers['webhook-signature']).toBe(signWebhook(message, secrets)['webhook-signature'])
    }
    ;(await sign())([rotated.secret, secret])
    world.clock.advance(24 * HOUR)
    ;(await sign())([rotated.secret])
  })
})

describe('the dispatcher', () => {
  it('lets no slow receiver hold others up, and sends it a few at a time', async () => {
    const { world, sender, create, dispatcher, dispatch } = await scene()
    await create('https://slow.test/')
    await create('https://fast.test/')
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let slow = 0
    let most = 0
    sender.receive = async ({ url }) => {
      if (url.includes('fast')) return answered(200)
      most = Math.max(most, ++slow)
      await held
      slow--
      return answered(200)
    }
    for (let count = 0; count < 12; count++) await upload(world, Buffer.from(String(count)))
    dispatcher.wake()
    const fast = () => sender.sent.filter(({ url }) => url.includes('fast')).length
    await expect.poll(fast).toBe(12)
    expect([slow, most]).toEqual([MAX_CONCURRENT_PER_ENDPOINT, MAX_CONCURRENT_PER_ENDPOINT])
    release()
    await dispatcher.idle()
    await dispatch()
    expect([sender.sent.length, most]).toEqual([24, MAX_CONCURRENT_PER_ENDPOINT])
  })

  it('has a bound for all receivers together', async () => {
    const { world, sender, create, dispatcher } = await scene()
    const receivers = Math.ceil(MAX_DELIVERIES_IN_FLIGHT / MAX_CONCURRENT_PER_ENDPOINT) + 2
    for (let count = 0; count < receivers; count++) await create(`https://r${count}.test/`)
    for (let count = 0; count < MAX_CONCURRENT_PER_ENDPOINT; count++) await upload(world, Buffer.from(String(count)))
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let [open, most] = [0, 0]
    sender.receive = async () => {
      most = Math.max(most, ++open)
      await held
      open--
      return answered(200)
    }
    dispatcher.wake()
    await expect.poll(() => open).toBe(MAX_DELIVERIES_IN_FLIGHT)
    release()
    await dispatcher.idle()
    expect([sender.sent.length, most]).toEqual([receivers * MAX_CONCURRENT_PER_ENDPOINT, MAX_DELIVERIES_IN_FLIGHT])
  }, 20_000)

  it('sends again under the same id what was sent and never noted', async () => {
    const { world, sender, create, dispatch, errors, log } = await scene()
    const { webhook } = await create()
    await upload(world, Buffer.from('a'))
    world.faults.revive()
    world.faults.plan({ call: 1, when: 'before', kill: false })
    await dispatch()
    expect(errors).toEqual([lostConnection()])
    world.faults.revive()
    await dispatch()
    expect(sender.sent).toHaveLength(1)
    world.clock.advance(DELIVERY_LEASE_MS)
    await dispatch()
    const [first, second] = sender.sent
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(await log(webhook.id)).toMatchObject([{ status: 'succeeded', attempts: 1 }])
  })

  it('says so when a secret cannot be opened, and takes nothing new once it is stopped', async () => {
    const { world, sender, deps, create, dispatcher, log } = await scene()
    const { webhook } = await create()
    const other = createWebhookDispatcher(
      { ...deps, webhookSeal: createSecretSeal('another SECRET_KEY') },
      { pollMs: null, onDelivered: () => {}, onError: () => {} },
    )
    await upload(world, Buffer.from('a'))
    other.wake()
    await other.idle()
    expect((await log(webhook.id))[0]?.log[0]?.error).toMatch(/SECRET_KEY was changed/)
    await dispatcher.stop()
    world.clock.advance(HOUR)
    dispatcher.wake()
    await dispatcher.idle()
    expect(sender.sent).toEqual([])
  })
})

it('forgets deliveries after their time', async () => {
  const { world, deps, create, log } = await scene()
  const { webhook } = await create()
  await upload(world, Buffer.from('a'))
  world.clock.advance(DELIVERY_LOG_DAYS * 24 * HOUR)
  expect(await pruneDeliveries(deps)).toBe(0)
  world.clock.advance(1)
  expect(await pruneDeliveries(deps)).toBe(1)
  expect(await log(webhook.id)).toEqual([])
})
