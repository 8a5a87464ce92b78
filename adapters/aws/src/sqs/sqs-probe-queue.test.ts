import { randomUUID } from 'node:crypto'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { isProbeId, newId, newProbeId, originalKey } from '@calotype/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientConfig } from '../client/connection.ts'
import { type FakeCloud, startFakeCloud } from '../testing/fauxqs.ts'
import { storageMessage } from '../testing/storage-message.ts'
import { openTestQueue } from '../testing/test-queue.ts'
import { createSqsProbeQueue, MAX_HELD } from './sqs-probe-queue.ts'

let cloud: FakeCloud
beforeAll(async () => {
  cloud = await startFakeCloud()
})
afterAll(() => cloud.close())

const newQueue = async () => openTestQueue(cloud.connection, await cloud.queue(`q-${randomUUID()}`))
const upload = (id: string) => storageMessage({ key: originalKey(id) })
const open = (queueUrl: string, deadLettersUrl: string | null = null) =>
  createSqsProbeQueue({ ...cloud.connection, queueUrl, deadLettersUrl, bucket: 'photos', isProbe: isProbeId })

it('takes the messages about probes away, and gives all others back as they were', async () => {
  const queue = await newQueue()
  const [probe, other] = [newProbeId(), newId()]
  await queue.send(upload(other), upload(probe), 'no json')
  const probes = open(queue.url)
  const taken: string[] = []
  for (let round = 0; round < 10 && taken.length === 0; round++) taken.push(...(await probes.takeProbes()))
  expect(taken).toEqual([probe])
  await probes.close()
  expect((await queue.peek()).map(({ Body }) => Body).sort()).toEqual(['no json', upload(other)].sort())
  expect(await queue.count()).toBe(2)
})

it('gives up on a queue that is full of others', async () => {
  const queue = await newQueue()
  await queue.send(...Array.from({ length: MAX_HELD + 1 }, () => upload(newId())))
  const probes = open(queue.url)
  const drain = async () => {
    for (let round = 0; round <= MAX_HELD; round++) await probes.takeProbes()
  }
  await expect(drain()).rejects.toThrow(/More than 100 other messages/)
  await probes.close()
  expect(await queue.count()).toBe(MAX_HELD + 1)
})

it('counts dead letters of the queue that is named, or of the one of the redrive policy', async () => {
  const [queue, dead] = [await newQueue(), await newQueue()]
  await dead.send('failed too often')
  await queue.send('one', 'two')
  expect(await open(queue.url, dead.url).state()).toEqual({ messages: 2, deadLetters: 1 })
  expect(await open(queue.url).state()).toEqual({ messages: 2, deadLetters: null })

  const client = new SQSClient(clientConfig(cloud.connection, 'none'))
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${dead.url.split('/').at(-1)}`
  const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }) }
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: `r-${randomUUID()}`, Attributes }))
  client.destroy()
  const url = `${cloud.connection.endpoint}/${QueueUrl.split('/').slice(-2).join('/')}`
  expect(await open(url).state()).toEqual({ messages: 0, deadLetters: 1 })
})

it('names a queue that is away', async () => {
  const nowhere = open('http://127.0.0.1:1/q')
  await expect(nowhere.state()).rejects.toMatchObject({ code: 'queue_unavailable' })
  await expect(nowhere.takeProbes()).rejects.toMatchObject({ code: 'queue_unavailable' })
  await nowhere.close()
})
