const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A delivery is tried for so long, the last time at the very end. */
export const DELIVERY_PATIENCE_MS = 72 * HOUR
/** Pauses after the first tries; the last one repeats. */
export const DELIVERY_PAUSES_MS: readonly number[] = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR],
]
/** A pause is longer or shorter by up to this part of it, so that what failed together does not come back together. */
export const DELIVERY_JITTER = 0.2

/**
 * When a delivery is tried again that was tried so often; null when its time is up. `random` is from 0 to 1.
 */
export function nextDeliveryAttempt(
  delivery: { tries: number; since: Date },
  now: Date,
  random: () => number = Math.random,
): Date | null {
  const end = delivery.since.getTime() + DELIVERY_PATIENCE_MS
  if (now.getTime() >= end) return null
  const pause = DELIVERY_PAUSES_MS[Math.min(delivery.tries, DELIVERY_PAUSES_MS.length) - 1] ?? 0
  const spread = 1 + DELIVERY_JITTER * (2 * random() - 1)
  return new Date(Math.min(now.getTime() + pause * spread, end))
}
