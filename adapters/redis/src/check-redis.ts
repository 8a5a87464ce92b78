import { createClient } from '@redis/client'

const LIMIT_MS = 5_000

/** Resolves with the version of the Redis at this URL, which may carry a password, after it took and ran a script; rejects otherwise. */
export async function checkRedis(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: LIMIT_MS, reconnectStrategy: false } })
  client.on('error', () => {})
  const stopped = AbortSignal.timeout(LIMIT_MS)
  const late = new Promise<never>((_, reject) => {
    stopped.addEventListener('abort', () => reject(new Error(`Redis did not answer within ${LIMIT_MS} ms`)))
  })
  // Limits are counted by a script: a Redis that runs none is of no use.
  const ask = async () => {
    await client.connect()
    await client.eval("return redis.call('TIME')", { keys: [], arguments: [] })
    return /^redis_version:(.+?)\r?$/m.exec(String(await client.info('server')))?.[1] ?? 'unknown'
  }
  try {
    return await Promise.race([ask(), late])
  } finally {
    // Destroying what closed by itself would hide why.
    if (client.isOpen) client.destroy()
  }
}
