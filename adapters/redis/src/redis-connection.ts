import { createClient } from '@redis/client'

/** A Redis that does not answer within this time counts as away, so that no caller waits for it. */
export const ANSWER_LIMIT_MS = 250
/** While Redis is away it is asked again this often, at most. */
const RECONNECT_MS = 1_000

export type RedisClient = ReturnType<typeof createClient>

export interface RedisConfig {
  /** `redis://` or `rediss://`; may carry a password and is never logged. */
  url: string
  /** Told once when Redis goes away and once when it is back. */
  onChange(state: 'away' | 'back', reason: string): void
}

/** One connection for everything that processes share. */
export interface RedisConnection {
  /** What Redis answers; null while it is away, at once or within `ANSWER_LIMIT_MS`. Never rejects. */
  ask<Answer>(command: (client: RedisClient) => Promise<Answer>): Promise<Answer | null>
  close(): Promise<void>
}

/** Connects behind the callers' backs, and goes on trying while Redis is away. */
export function openRedis(config: RedisConfig): RedisConnection {
  const client: RedisClient = createClient({
    url: config.url,
    // What waits in a queue would be answered too late to be of use.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: retries => Math.min(50 * 2 ** Math.min(retries, 10), RECONNECT_MS),
    },
  })
  let away = false
  // One caller in a while asks a Redis that did not answer; the others do not wait for it.
  let askAgainAt = 0
  let closing = false
  const report = (state: 'away' | 'back', reason: string) => {
    if (closing || away === (state === 'away')) return
    away = state === 'away'
    config.onChange(state, reason)
  }
  client.on('error', error => report('away', reasonOf(error)))
  // The strategy goes on trying; what is wrong is told by the event.
  void client.connect().catch(() => {})

  return {
    async ask(command) {
      try {
        if (!client.isReady) throw new Error('not connected')
        if (Date.now() < askAgainAt) return null
        const answer = await withinLimit(command(client))
        report('back', 'it answers')
        return answer
      } catch (error) {
        askAgainAt = client.isReady ? Date.now() + RECONNECT_MS : 0
        report('away', reasonOf(error))
        return null
      }
    },
    async close() {
      closing = true
      client.destroy()
    },
  }
}

async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_LIMIT_MS)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/** A code or a few words; never the address, which may carry a password. */
const reasonOf = (error: unknown): string => {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return error instanceof Error ? (error.name === 'Error' ? error.message.slice(0, 100) : error.name) : 'unknown'
}
