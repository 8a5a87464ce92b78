/** Longer tokens are refused unread. */
export const MAX_TOKEN_BYTES = 8_192
/** A token that is good for longer than this is refused: nobody could take it back for so long. */
export const MAX_TOKEN_LIFE_SECONDS = 24 * 3_600
/** How far the issuer's clock may be off. */
export const CLOCK_TOLERANCE_SECONDS = 30
export const MAX_SUBJECT_LENGTH = 255
/** Projects that one token may name. */
export const MAX_TOKEN_PROJECTS = 100
/** Roles that one token may name. */
export const MAX_TOKEN_ROLES = 100

/** The issuer's keys are asked for again after this. */
export const KEYS_FRESH_MS = 10 * 60_000
/** While the issuer does not answer, keys are used until they are this old. */
export const KEYS_STALE_MS = 3_600_000
/** A token with an unknown key id makes the keys be asked for again at most this often. */
export const KEYS_REFETCH_MS = 30_000
/** Without any keys the issuer is asked at most this often. */
export const KEYS_RETRY_MS = 2_000
export const KEYS_TIMEOUT_MS = 5_000
export const MAX_KEYS_BYTES = 256 * 1024
/** Keys of one issuer that are looked at. */
export const MAX_KEYS = 100
