import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { type AwsConnection, clientConfig } from '../client/connection.ts'
import { translateFor } from '../client/failures.ts'
import { invalidationPaths } from './invalidation-paths.ts'

/** CloudFront takes 3,000 paths under way for a distribution at a time; this leaves room for other processes. */
export const INVALIDATION_BATCH = 1_000
/** More paths than this in one call are a mistake that costs money: each is billed. Invalidate by folder instead. */
export const MAX_INVALIDATION_PATHS = 10_000

export interface CloudFrontInvalidator {
  /**
   * Makes the edges forget paths: object keys, or a folder ending in `*`, which counts as one. The same reference again does nothing
   * more, so that a job may repeat it. Resolves with how many paths were sent; rejects with `cdn_unavailable`.
   */
  invalidate(paths: readonly string[], reference: string): Promise<number>
  close(): void
}

/** Invalidations of one distribution. */
export function createCloudFrontInvalidator(config: AwsConnection & { distributionId: string }): CloudFrontInvalidator {
  const client = new CloudFrontClient(clientConfig(config, 'few'))
  return {
    invalidate: async (paths, reference) => {
      const unique = invalidationPaths(paths)
      if (unique.length > MAX_INVALIDATION_PATHS)
        throw new Error(`${unique.length} paths to invalidate; at most ${MAX_INVALIDATION_PATHS} are sent`)
      for (let at = 0; at < unique.length; at += INVALIDATION_BATCH) {
        const Items = unique.slice(at, at + INVALIDATION_BATCH)
        await send(client, config.distributionId, Items, `${reference}-${at}`)
      }
      return unique.length
    },
    close: () => client.destroy(),
  }
}

async function send(client: CloudFrontClient, DistributionId: string, Items: string[], CallerReference: string) {
  const Paths = { Quantity: Items.length, Items }
  try {
    await client.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch: { Paths, CallerReference } }))
  } catch (error) {
    throw translateFor('cdn', error)
  }
}
