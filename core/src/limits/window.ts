import type { RateRequest, RateVerdict } from './rate-limiter.ts'

/**
 * Sliding window counter (Cloudflare, "How we built rate limiting capable of scaling to millions of domains", 2017), with a slot for each
 * twelfth of the window instead of an estimate over two windows: a slot counts in full until all of it is past. So no window
 * of any beginning holds more than the limit, and units come back at most one twelfth late.
 */
export const SLOTS_PER_WINDOW = 12

/** What was taken in one slot; `slot` is the time divided by the slot's length. */
export interface Slot {
  slot: number
  count: number
}

export const slotMilliseconds = (windowSeconds: number): number => (windowSeconds * 1000) / SLOTS_PER_WINDOW

/** Takes what is left for the request out of these slots, oldest first. Answers the slots as they are now, past ones left out. */
export function takeFromWindow(
  slots: readonly Slot[],
  request: Omit<RateRequest, 'key'>,
  nowMs: number,
): { slots: Slot[]; verdict: RateVerdict } {
  const length = slotMilliseconds(request.windowSeconds)
  const current = Math.floor(nowMs / length)
  const live = slots.filter(({ slot }) => slot >= current - SLOTS_PER_WINDOW)
  const used = live.reduce((sum, { count }) => sum + count, 0)
  const allowed = Math.min(request.cost, Math.max(0, request.limit - used))
  if (allowed > 0) {
    const last = live.at(-1)
    // A clock that went back counts into the newest slot.
    if (last && last.slot >= current) live[live.length - 1] = { slot: last.slot, count: last.count + allowed }
    else live.push({ slot: current, count: allowed })
  }
  const oldest = live[0]?.slot ?? current
  const freeAt = (oldest + SLOTS_PER_WINDOW + 1) * length
  return {
    slots: live,
    verdict: {
      allowed,
      remaining: Math.max(0, request.limit - used - allowed),
      resetSeconds: Math.max(1, Math.ceil((freeAt - nowMs) / 1000)),
    },
  }
}
