/** The longest statement; the server cancels it. */
export const STATEMENT_TIMEOUT_MS = 30_000
/** When not even the cancellation arrives, the connection is given up. */
export const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000
/** How long a new connection, or a place in the pool, is waited for. */
export const CONNECT_TIMEOUT_MS = 5_000
/** A transaction that does nothing for so long was forgotten: the server ends it, or it would hold back every event. */
export const IDLE_TRANSACTION_TIMEOUT_MS = 60_000

/** Tries of a transaction that the server ended because of a deadlock or a serialization failure. */
export const TRANSACTION_ATTEMPTS = 4
/** First pause between them; it doubles. */
export const TRANSACTION_RETRY_MS = 20

/** The use of an API key is noted at most this often. */
export const API_KEY_USE_SECONDS = 60

/** Connections of the job runner beside the pool: LISTEN, taking and completing jobs. */
export const JOB_POOL_MAX = 4
/** A runner shows that it lives this often … */
export const HEARTBEAT_MS = 5_000
/** … and one that was silent for so long has its jobs given away. */
export const HEARTBEAT_SILENCE_MS = 30_000
/** Running jobs may end for this long when the runner stops. */
export const JOB_DRAIN_MS = 30_000
/** A job that becomes due by time, not by being enqueued, starts at most so much later. */
export const JOB_POLL_MS = 2_000
/** Pause before a runner that lost its database starts anew. */
export const JOB_RESTART_MS = 1_000

/** Events are re-read this often even if no notification came. */
export const EVENT_REREAD_MS = 5_000
/** Pause while events wait for a transaction that is still open; it grows while nothing changes. */
export const EVENT_SETTLE_MS = 25
export const EVENT_SETTLE_MAX_MS = 500
/** Rows of one read. */
export const EVENT_BATCH = 500
/** Live events that wait for a subscriber whose replay is under way; more than these are read from the database again. */
export const EVENT_BUFFER = 1_000
/** Pause between attempts to reach the database again; it doubles. */
export const EVENT_RECONNECT_MS = 100
export const EVENT_RECONNECT_MAX_MS = 5_000
/** Events are kept for so long; a reader that was away longer reads the images instead. */
export const EVENT_RETENTION_MS = 24 * 3600 * 1000

/** A replica that does not answer within this time counts as away … */
export const REPLICA_ANSWER_MS = 2_000
/** … and is asked again after this. */
export const REPLICA_PAUSE_MS = 5_000
