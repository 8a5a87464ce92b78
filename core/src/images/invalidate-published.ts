import { createHash } from 'node:crypto'
import type { CdnInvalidator } from '../delivery/index.ts'
import { visibilityOf } from './keys.ts'

/** Makes the CDN forget those of these objects that were public. Their keys are never used again, and name the order: it may be repeated. */
export async function invalidatePublished(invalidator: CdnInvalidator, objectKeys: readonly string[]): Promise<number> {
  const published = objectKeys.filter(key => visibilityOf(key) === 'public')
  if (published.length === 0) return 0
  const reference = createHash('sha256').update(published.join('\n')).digest('hex')
  return invalidator.invalidate(published, reference)
}
