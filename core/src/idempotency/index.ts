export type { IdempotencyStore, KeyClaim, KeyScope, KnownKey } from './idempotency-store.ts'
export type { Once } from './once.ts'
export { checkKey, createdId, MAX_KEY_LENGTH, MAX_KEYS_PER_PRINCIPAL, runOnce, settleOnce } from './run-once.ts'
