import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { type AwsConnection, clientConfig } from '../client/connection.ts'

export interface TestQueue {
  url: string
  send(...bodies: string[]): Promise<void>
  /** Messages that are visible now, which are visible again at once. */
  peek(): Promise<readonly Message[]>
  /** Messages waiting or under way. */
  count(): Promise<number>
}

/** A queue as its sender sees it. */
export function openTestQueue(connection: AwsConnection, url: string): TestQueue {
  const client = new SQSClient(clientConfig(connection, 'none'))
  return {
    url,
    send: async (...bodies) => {
      for (const MessageBody of bodies) await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }))
    },
    peek: async () => {
      const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 })
      return (await client.send(command)).Messages ?? []
    },
    count: async () => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
      )
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    },
  }
}
