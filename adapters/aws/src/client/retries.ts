import { setTimeout as delay } from 'node:timers/promises'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { classify } from './failures.ts'

/** Waits between tries when nothing answered (requirement O4). */
export const NETWORK_DELAYS_MS: readonly number[] = [1_000, 2_000, 4_000]
/** Waits between tries when the service itself answered with an error. */
export const SERVICE_DELAYS_MS: readonly number[] = [5_000, 5_000]

/** Waiting as a capability, so that tests need none. Milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>

export const realSleep: Sleep = milliseconds => delay(milliseconds)

type RetryStrategy = Extract<NonNullable<S3ClientConfig['retryStrategy']>, { recordSuccess(token: never): void }>
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>

/** How often one call was repeated, by what went wrong; a connection that comes back has not used up the service's tries. */
interface Spent {
  network: number
  service: number
}

/**
 * The retries of requirement O4 in the place of the SDK's own, so that every single request has them: each part of a multipart upload,
 * each page of a list. Refusals are final.
 */
export function createRetryStrategy(sleep: Sleep): RetryStrategy {
  const spentBy = new WeakMap<Token, Spent>()
  const tokenFor = (spent: Spent): Token => {
    // The wait is over when the token is handed out.
    const token: Token = { getRetryCount: () => spent.network + spent.service, getRetryDelay: () => 0 }
    spentBy.set(token, spent)
    return token
  }
  return {
    acquireInitialRetryToken: async () => tokenFor({ network: 0, service: 0 }),
    refreshRetryTokenForRetry: async (token, info) => {
      const spent = spentBy.get(token) ?? { network: 0, service: 0 }
      const failure = classify(info.error)
      const wait =
        failure === 'network'
          ? NETWORK_DELAYS_MS[spent.network]
          : failure === 'passing'
            ? SERVICE_DELAYS_MS[spent.service]
            : undefined
      if (wait === undefined) throw new Error('No further try')
      await sleep(wait)
      return tokenFor({
        network: spent.network + (failure === 'network' ? 1 : 0),
        service: spent.service + (failure === 'passing' ? 1 : 0),
      })
    },
    recordSuccess: () => {},
  }
}

/** One try only: for callers that have a rhythm of their own. */
export const noRetries: RetryStrategy = {
  acquireInitialRetryToken: async () => ({ getRetryCount: () => 0, getRetryDelay: () => 0 }),
  refreshRetryTokenForRetry: async () => {
    throw new Error('No further try')
  },
  recordSuccess: () => {},
}
