import type { Stores } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import type { Image } from './image.ts'

const payloadOf = (image: Pick<Image, 'id' | 'projectId'>, requestId: string) => ({
  projectId: image.projectId,
  imageId: image.id,
  requestId,
})

/** Lower runs first. */
const JOB_PRIORITIES: Record<Image['priority'], number> = { high: -10, normal: 0, low: 10 }

export const processingKey = (imageId: string): string => `image.process:${imageId}`

export const enqueueProcessing = (
  tx: Pick<Stores, 'jobs'>,
  image: Pick<Image, 'id' | 'projectId' | 'priority'>,
  requestId: string,
): Promise<void> =>
  tx.jobs.enqueue('image.process', payloadOf(image, requestId), {
    key: processingKey(image.id),
    priority: JOB_PRIORITIES[image.priority],
  })

export const enqueuePurge = (
  tx: Pick<Stores, 'jobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
  requestId: string,
): Promise<void> => tx.jobs.enqueue('image.purge', payloadOf(image, requestId), { key: `image.purge:${image.id}` })

/** One job for all, at the time at which they are purged. One image alone has one such job, however often it is deleted and restored. */
export const enqueueTombstones = (
  tx: Pick<Stores, 'jobs'>,
  payload: JobPayload<'tombstones.purge'>,
  runAt: Date,
): Promise<void> => {
  const [first, ...more] = payload.imageIds
  const key = first !== undefined && more.length === 0 ? { key: `tombstones.purge:${first}` } : {}
  return tx.jobs.enqueue('tombstones.purge', payload, { runAt, ...key })
}

export const enqueueWithdrawal = (
  tx: Pick<Stores, 'jobs'>,
  payload: JobPayload<'tombstones.withdraw'>,
): Promise<void> => tx.jobs.enqueue('tombstones.withdraw', payload)

/** The keys as they were before the move; a job for each move, because each leaves other keys. */
export const enqueueLeftovers = (
  tx: Pick<Stores, 'jobs'>,
  left: Image,
  token: string,
  requestId: string,
): Promise<void> => {
  const objectKeys = left.variants.map(variant => variant.objectKey)
  const payload = { ...payloadOf(left, requestId), left: { originalKey: left.originalKey, objectKeys } }
  return tx.jobs.enqueue('image.purge', payload, { key: `image.purge:${left.id}:${token}` })
}

/** Pieces that no upload needs any more. */
export const enqueueChunkRemoval = (
  tx: Pick<Stores, 'jobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
  objectKeys: readonly string[],
  requestId: string,
): Promise<void> => {
  const payload = { ...payloadOf(image, requestId), left: { originalKey: null, objectKeys: [...objectKeys] } }
  return tx.jobs.enqueue('image.purge', payload, { key: `image.purge:${image.id}:chunks` })
}

/** The client's own `complete` usually comes first; this is for the clients that never call it. */
export const RECEIVED_DELAY_MS = 2_000

export const enqueueReceived = (
  tx: Pick<Stores, 'jobs'>,
  image: Pick<Image, 'id' | 'projectId'>,
  requestId: string,
  now: Date,
  delayMs = RECEIVED_DELAY_MS,
): Promise<void> =>
  tx.jobs.enqueue('image.received', payloadOf(image, requestId), {
    key: `image.received:${image.id}`,
    runAt: new Date(now.getTime() + delayMs),
  })
