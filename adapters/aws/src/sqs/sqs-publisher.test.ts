import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeCloud, startFakeCloud } from '../testing/fauxqs.ts'
import { answer, startScriptedServer } from '../testing/scripted-server.ts'
import { openTestQueue } from '../testing/test-queue.ts'
import { createSqsPublisher, MAX_BATCH_BYTES } from './sqs-publisher.ts'

let cloud: FakeCloud
beforeAll(async () => {
  cloud = await startFakeCloud()
})
afterAll(() => cloud.close())

const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `m${index}`, body: `{"n":${index}}` }))
const json = (body: unknown) => answer(200, JSON.stringify(body), { 'content-type': 'application/x-amz-json-1.0' })
const refusal = (code: string) =>
  answer(400, JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: code }), {
    'content-type': 'application/x-amz-json-1.0',
  })
const taken = (entries: readonly { Id: string; MessageBody: string }[]) =>
  entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }))
const noSleep = async () => {}
const credentials = { accessKeyId: 'a', secretAccessKey: 's' }

describe('publishing', () => {
  it('sends all messages, ten at a time', async () => {
    const queue = openTestQueue(cloud.connection, await cloud.queue(`p-${randomUUID()}`))
    const publisher = createSqsPublisher({ ...cloud.connection, queueUrl: queue.url })
    expect(await publisher.publish(messages(23))).toEqual([])
    expect(await publisher.publish([])).toEqual([])
    await expect(publisher.check()).resolves.toBeUndefined()
    expect(await queue.count()).toBe(23)
    publisher.close()
  })

  it('keeps calls within ten messages and the limit of bytes, and refuses what fits into none', async () => {
    const server = await startScriptedServer(json({ Successful: [], Failed: [] }))
    const { endpoint } = server
    const publisher = createSqsPublisher({ region: 'us-east-1', endpoint, credentials, queueUrl: `${endpoint}/1/q` })
    const large = { id: 'large', body: 'x'.repeat(MAX_BATCH_BYTES - 10) }
    const over = { id: 'over', body: 'é'.repeat(MAX_BATCH_BYTES / 2 + 1) }
    const failures = await publisher.publish([large, ...messages(12), over])
    expect(failures).toMatchObject([{ id: 'over', code: 'MessageTooLong', retryable: false }])
    const sizes = server.heard.map(({ body }) => JSON.parse(body.toString()).Entries.length)
    expect(sizes).toEqual([2, 10, 1])
    await server.close()
  })

  it('names the messages that were not taken', async () => {
    const Failed = [
      { Id: '1', Code: 'InternalError', Message: 'later', SenderFault: false },
      { Id: '2', Code: 'InvalidMessageContents', Message: 'never', SenderFault: true },
    ]
    const server = await startScriptedServer(json({ Successful: taken([{ Id: '0', MessageBody: '{"n":0}' }]), Failed }))
    const { endpoint } = server
    const publisher = createSqsPublisher({ region: 'us-east-1', endpoint, credentials, queueUrl: `${endpoint}/1/q` })
    expect(await publisher.publish(messages(3))).toEqual([
      { id: 'm1', code: 'InternalError', reason: 'later', retryable: true },
      { id: 'm2', code: 'InvalidMessageContents', reason: 'never', retryable: false },
    ])
    await server.close()
  })

  it('sends one by one what was refused together, so that one bad message keeps no other back', async () => {
    const server = await startScriptedServer((response, { body }) => {
      const { Entries } = JSON.parse(body.toString())
      const bad = Entries.some((entry: { MessageBody: string }) => entry.MessageBody === '{"n":1}')
      const say = bad ? refusal('InvalidMessageContents') : json({ Successful: taken(Entries), Failed: [] })
      say(response, { method: '', url: '', headers: {}, body })
    })
    const { endpoint } = server
    const publisher = createSqsPublisher({ region: 'us-east-1', endpoint, credentials, queueUrl: `${endpoint}/1/q` })
    expect(await publisher.publish(messages(3))).toMatchObject([{ id: 'm1', retryable: false }])
    expect(server.heard).toHaveLength(4)
    await server.close()
  })

  it('leaves all messages to be sent later when the queue is missing or away', async () => {
    const missing = createSqsPublisher({ ...cloud.connection, queueUrl: `${cloud.connection.endpoint}/1/none` })
    const away = createSqsPublisher({
      ...{ region: 'us-east-1', endpoint: 'http://127.0.0.1:1', credentials, queueUrl: 'http://127.0.0.1:1/1/q' },
      sleep: noSleep,
    })
    for (const publisher of [missing, away]) {
      const failures = await publisher.publish(messages(2))
      expect(failures).toMatchObject([
        { id: 'm0', retryable: true },
        { id: 'm1', retryable: true },
      ])
      await expect(publisher.check()).rejects.toMatchObject({ code: 'queue_unavailable' })
    }
  })
})
