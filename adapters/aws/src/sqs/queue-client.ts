import { SQSClient } from '@aws-sdk/client-sqs'
import { type AwsConnection, clientConfig } from '../client/connection.ts'

export interface QueueConnection extends AwsConnection {
  queueUrl: string
}

/** A client that asks where the queue's URL leads; told another endpoint, the SDK writes warnings to the terminal. */
export const createQueueClient = (connection: QueueConnection, retries: 'few' | 'none'): SQSClient =>
  new SQSClient(clientConfig({ ...connection, endpoint: new URL(connection.queueUrl).origin }, retries))
