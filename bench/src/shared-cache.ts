import { newId } from '@calotype/core'
import { seedImage } from '@calotype/core/testing'
import { createRedisSharedCache, openRedis } from '@calotype/redis'
import { startRedisServer } from '@calotype/redis/testing'
import { withPlanted } from './reconcile/scene.ts'
import { median, quantile } from './statistics.ts'
import { printTable, whole } from './table.ts'

const ROUNDS = 2_000
/** Seconds that an entry is kept: longer than the bench. */
const KEPT = 600

/** What an image costs that this process does not know: from the database, and from what another process left in Redis. */
export async function sharedCache(): Promise<void> {
  const server = await startRedisServer()
  const redis = openRedis({ url: server.url, onChange: () => {} })
  const cache = createRedisSharedCache(redis)
  try {
    await withPlanted({ objects: 7, differences: 0 }, async ({ opened: { database }, project }) => {
      const { organizationId } = project
      const { id: imageId } = await seedImage(database, project, { status: 'ready' })
      const key = newId()
      // About what an image with six variants is as JSON.
      while ((await cache.get(key)) === null) cache.put(key, 'x'.repeat(4_000), KEPT)
      const row = async (name: string, ask: () => Promise<unknown>) => {
        const times = await time(ask)
        return [name, whole(median(times)), whole(quantile(times, 0.99))]
      }
      printTable(
        `One image that this process does not know (µs on the clock, of ${ROUNDS})`,
        ['', 'p50', 'p99'],
        [
          await row('its version, which is always asked for', () =>
            database.images.findVersions([{ organizationId, imageId }]),
          ),
          await row('all of it from PostgreSQL', () => database.images.find(organizationId, imageId)),
          await row('all of it from Redis', () => cache.get(key)),
        ],
      )
    })
  } finally {
    await redis.close()
    await server.close()
  }
}

async function time(ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now()
    await ask()
    times.push((performance.now() - before) * 1_000)
  }
  return times
}
