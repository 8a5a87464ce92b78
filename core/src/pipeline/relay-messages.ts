import type { BlobStore } from '../blob-store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import { newId } from '../ids.ts'
import type { JobPayload } from '../jobs/index.ts'
import { messageBody } from './message-body.ts'
import { type MessagePublisher, PUBLISH_BATCH, type PublishFailure } from './message-publisher.ts'
import type { MessageSettlement, PipelineMessage } from './pipeline-store.ts'

/** A queue may be away this long before a message is given up; then it can be sent again by hand. */
export const RELAY_PATIENCE_MS = 24 * 3_600_000
/** Pauses after the first tries; the last one repeats. */
export const RELAY_PAUSES_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000]
/** A queue that has not answered after so long counts as away. */
export const PUBLISH_TIMEOUT_MS = 60_000
/** Whoever took messages and says nothing for so long is dead. */
export const RELAY_LEASE_MS = 2 * PUBLISH_TIMEOUT_MS
/** The relay that was put off has a key of its own, so that it delays none that is due now. */
const LATER_KEY = 'pipeline.relay.later'

export interface RelayDeps {
  database: Database
  blobs: Pick<BlobStore, 'uriPrefix'>
  clock: Clock
  /** Null: there is no queue, and messages wait to be read. */
  publisher: MessagePublisher | null
  /** Unless told, PUBLISH_TIMEOUT_MS. */
  publishTimeoutMs?: number
}

export interface Relayed {
  delivered: number
  putOff: number
  failed: number
}

/**
 * The job `pipeline.relay`: sends what is due, ten at a time, until nothing is. At least once: killed between sending and noting, the
 * batch is sent again when its lease is over. A queue that is away puts its messages off and fails nothing else.
 */
export async function relayMessages(deps: RelayDeps, payload: JobPayload<'pipeline.relay'>): Promise<Relayed> {
  const relayed = { delivered: 0, putOff: 0, failed: 0 }
  const { publisher } = deps
  if (!publisher) return relayed
  for (;;) {
    const now = deps.clock.now()
    const token = newId()
    const leaseUntil = new Date(now.getTime() + RELAY_LEASE_MS)
    const batch = await deps.database.pipeline.claim({ now, leaseUntil, token, limit: PUBLISH_BATCH })
    if (batch.length === 0) break
    const failures = await publish(deps, publisher, batch)
    const at = deps.clock.now()
    const settled = batch.map(message => settle(message, failures.get(message.id), at))
    await deps.database.pipeline.settle(token, settled, at)
    relayed.delivered += settled.filter(({ status }) => status === 'delivered').length
    relayed.putOff += settled.filter(({ status }) => status === 'waiting').length
    relayed.failed += settled.filter(({ status }) => status === 'failed').length
  }
  const runAt = await deps.database.pipeline.findNextDue()
  if (runAt) await deps.database.jobs.enqueue('pipeline.relay', payload, { key: LATER_KEY, runAt })
  return relayed
}

const GONE: Omit<PublishFailure, 'id'> = {
  code: 'original_gone',
  reason: 'The original of the image is no longer kept.',
  retryable: false,
}

/** By id what was not taken; everything, where the queue hangs or fails as a whole. */
async function publish(
  deps: RelayDeps,
  publisher: MessagePublisher,
  batch: readonly PipelineMessage[],
): Promise<ReadonlyMap<string, PublishFailure>> {
  const there = batch.filter(message => message.originalKey !== null)
  const failures = batch.filter(message => message.originalKey === null).map(({ id }) => ({ id, ...GONE }))
  const outgoing = there.map(message => ({ id: message.id, body: JSON.stringify(messageBody(message, deps.blobs)) }))
  const timeLimit = createTimeLimit(deps.publishTimeoutMs ?? PUBLISH_TIMEOUT_MS)
  try {
    if (outgoing.length > 0) failures.push(...(await Promise.race([publisher.publish(outgoing), timeLimit.over])))
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'The queue failed.'
    failures.push(...there.map(({ id }) => ({ id, code: 'queue_unavailable', reason, retryable: true })))
  } finally {
    timeLimit.clear()
  }
  return new Map(failures.map(failure => [failure.id, failure]))
}

function createTimeLimit(milliseconds: number): { over: Promise<never>; clear(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The queue did not answer within ${milliseconds} ms.`)), milliseconds)
  })
  return { over, clear: () => clearTimeout(timer) }
}

function settle(message: PipelineMessage, failure: PublishFailure | undefined, at: Date): MessageSettlement {
  const { id, projectId } = message
  if (!failure) return { id, projectId, status: 'delivered', lastError: null, nextAttemptAt: null }
  const lastError = `${failure.code}: ${failure.reason}`.slice(0, MAX_ERROR_LENGTH)
  const next = failure.retryable ? nextTry(message, at) : null
  return { id, projectId, status: next ? 'waiting' : 'failed', lastError, nextAttemptAt: next }
}

export const MAX_ERROR_LENGTH = 500

/** Null when its time is up; the last try is at the very end of it. */
function nextTry({ attempts, since }: PipelineMessage, at: Date): Date | null {
  const end = since.getTime() + RELAY_PATIENCE_MS
  if (at.getTime() >= end) return null
  const pauseMs = RELAY_PAUSES_MS[Math.min(attempts, RELAY_PAUSES_MS.length) - 1] ?? 0
  return new Date(Math.min(at.getTime() + pauseMs, end))
}
