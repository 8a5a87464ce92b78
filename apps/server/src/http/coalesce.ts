/** More keys than this are not asked for at once. */
export const MAX_COALESCED = 100

/**
 * One load for many callers: those who come while a load is under way wait for the next one together. No caller gets an answer
 * of a load that began before it asked. Rejects for a whole load with what it rejected with.
 */
export function coalesce<Key, Value extends object | null>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let waiting: Waiter<Key, Value>[] = []
  let loading = false
  async function run() {
    loading = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_COALESCED)
      waiting = waiting.slice(MAX_COALESCED)
      await answer(batch, load)
    }
    loading = false
  }
  return key =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (!loading) void run()
    })
}

interface Waiter<Key, Value> {
  key: Key
  resolve(value: Value): void
  reject(error: unknown): void
}

async function answer<Key, Value extends object | null>(
  batch: readonly Waiter<Key, Value>[],
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
): Promise<void> {
  try {
    const values = await load(batch.map(waiter => waiter.key))
    for (const [index, waiter] of batch.entries()) {
      const value = values[index]
      if (value === undefined) throw new Error('A load answered fewer values than it was asked for')
      waiter.resolve(value)
    }
  } catch (error) {
    // Those who were answered before are not changed by this.
    for (const waiter of batch) waiter.reject(error)
  }
}
