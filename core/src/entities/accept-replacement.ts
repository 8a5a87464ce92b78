import type { Context } from '../context.ts'
import type { Stores } from '../database.ts'
import { newId } from '../ids.ts'
import { MAX_SLOTS_PER_ENTITY, MAX_WAITING_REPLACEMENTS, type SlotKey } from './entity.ts'
import { tooManyHere } from './errors.ts'
import type { Replacement, Slot } from './slot-store.ts'

/** The slot, locked. Rejects with `limit_reached` when it would be one too many of its entity. */
export async function openSlot(tx: Stores, key: SlotKey, at: Date): Promise<Slot> {
  const names = await tx.slots.findNames(key)
  if (!names.includes(key.slot) && names.length >= MAX_SLOTS_PER_ENTITY)
    throw tooManyHere('slots of one entity', MAX_SLOTS_PER_ENTITY)
  return tx.slots.open(key, newId(), at)
}

/**
 * Gives a replacement the next number of a slot whose row is locked, in the transaction that makes or locks its image. Rejects with
 * `limit_reached` when too many wait.
 */
export async function acceptReplacement(
  tx: Stores,
  ctx: Context,
  slot: Slot,
  what: Pick<Replacement, 'imageId' | 'source'>,
  at: Date,
): Promise<{ slot: Slot; replacement: Replacement }> {
  const waiting = await tx.slots.listReplacements(slot.projectId, slot.id, ['waiting'], MAX_WAITING_REPLACEMENTS)
  if (waiting.length >= MAX_WAITING_REPLACEMENTS)
    throw tooManyHere('replacements of one slot that wait', MAX_WAITING_REPLACEMENTS)
  const accepted = { ...slot, accepted: slot.accepted + 1, updatedAt: at }
  const { kind, id } = ctx.actor
  const replacement: Replacement = {
    ...{ projectId: slot.projectId, slotId: slot.id, number: accepted.accepted, ...what },
    ...{ state: 'waiting', by: { kind, id }, acceptedAt: at },
    ...{ placedAt: null, endedAt: null, releaseAt: null, reason: null },
  }
  await tx.slots.save(accepted)
  await tx.slots.add(replacement)
  return { slot: accepted, replacement }
}
