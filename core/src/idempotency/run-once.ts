import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { invalidKey, keyReused, stillRunning } from './errors.ts'

export const MAX_KEY_LENGTH = 255
/** A key answers the same for this long. */
export const KEY_LIFE_MS = 24 * 3_600_000
/** A run that was killed blocks its key for this long. */
export const LEASE_MS = 60_000
/** Keys kept of one principal; the sweep forgets older ones before their time. */
export const MAX_KEYS_PER_PRINCIPAL = 50_000

/** Whoever may ask; `organizationId` is empty for people who are in none. */
export interface OnceCaller extends Pick<Context, 'once'> {
  actor: Pick<Context['actor'], 'kind' | 'id' | 'organizationId'>
}

/** Refuses keys of no or over 255 characters or with anything but visible ASCII. */
export function checkKey(key: string): string {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key)) throw invalidKey(MAX_KEY_LENGTH)
  return key
}

/**
 * Runs a creation once for each Idempotency-Key. `run` has to call `settleOnce` in the transaction that creates; the same request again
 * (by what is hashed of it) gets `repeat` with what was settled. Rejects with `idempotency_key_reused` for another request, with
 * `conflict` while the first one runs. Without a key it only runs.
 */
export async function runOnce<Caller extends OnceCaller, Fresh, Repeated>(
  deps: { database: Pick<Database, 'idempotency'>; clock: Clock },
  ctx: Caller,
  request: unknown,
  how: { run(ctx: Caller): Promise<Fresh>; repeat(result: unknown): Promise<Repeated> },
): Promise<Fresh | Repeated> {
  if (!ctx.once) return how.run(ctx)
  const { idempotency } = deps.database
  const { route, key } = ctx.once
  const { kind, id, organizationId } = ctx.actor
  const scope = { principal: `${organizationId}:${kind}:${id}`, route, key }
  const now = deps.clock.now()
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
  const token = newId()
  const known = await idempotency.claim(scope, {
    ...{ organizationId: organizationId || null, requestHash, token, now },
    leaseUntil: new Date(now.getTime() + LEASE_MS),
    expiresAt: new Date(now.getTime() + KEY_LIFE_MS),
  })
  if (known) {
    if (known.requestHash !== requestHash) throw keyReused()
    if (known.result === null) throw stillRunning()
    return how.repeat(known.result)
  }
  const claim = { scope, token, settled: false }
  try {
    const answer = await how.run({ ...ctx, once: { ...ctx.once, claim } })
    if (!claim.settled) await idempotency.release(scope, token)
    return answer
  } catch (error) {
    // Nothing came of it, so that the same request may be tried again at once. If this fails, too, the lease ends.
    await idempotency.release(scope, token).catch(() => {})
    throw error
  }
}

/**
 * Records ids of what a creation made, in its own transaction: both are there or neither is. Rejects with `conflict` when the run lost
 * its key to another one, which undoes the creation.
 */
export async function settleOnce(
  tx: Pick<Stores, 'idempotency'>,
  ctx: Pick<Context, 'once'>,
  result: object,
): Promise<void> {
  const claim = ctx.once?.claim
  if (!claim) return
  if (!(await tx.idempotency.settle(claim.scope, claim.token, result))) throw stillRunning()
  claim.settled = true
}

const Created = z.object({ id: z.string() })

/** The id that a creation of one thing settled. */
export const createdId = (result: unknown): string => Created.parse(result).id
