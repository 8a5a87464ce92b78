import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { createRetryStrategy, noRetries, realSleep, type Sleep } from './retries.ts'

/** Milliseconds until a call counts as failed for want of network. */
export interface Timeouts {
  connect: number
  /** From the first byte sent to the first byte of the answer. */
  answer: number
  /** Between two chunks of an answer's body. */
  idle: number
}

/** Long enough for a part of 5 MiB at 0.7 Mbit/s and for a long poll of 20 s. */
export const DEFAULT_TIMEOUTS: Timeouts = { connect: 5_000, answer: 60_000, idle: 30_000 }

/** How to reach one service. Without credentials the SDK's own chain finds them: roles first. */
export interface AwsConnection {
  region: string
  /** For a service that is not AWS itself. */
  endpoint?: string | undefined
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string; expiration?: Date } | undefined
  timeouts?: Partial<Timeouts> | undefined
  /** Replaced in tests. */
  sleep?: Sleep | undefined
}

const MAX_SOCKETS = 200

/** What all clients of the SDK have in common: timeouts that end a call, and the retries of requirement O4. */
export function clientConfig(connection: AwsConnection, retries: 'few' | 'none') {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...connection.timeouts }
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS }
  return {
    region: connection.region,
    ...(connection.endpoint ? { endpoint: connection.endpoint } : {}),
    ...(connection.credentials ? { credentials: connection.credentials } : {}),
    retryStrategy: retries === 'few' ? createRetryStrategy(connection.sleep ?? realSleep) : noRetries,
    requestHandler: {
      connectionTimeout: timeouts.connect,
      requestTimeout: timeouts.answer,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  } satisfies S3ClientConfig
}
