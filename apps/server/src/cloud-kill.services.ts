import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cloud, type Program, startCloud } from './testing/cloud.ts'
import { type Client, openClient, storageEvent } from './testing/cloud-client.ts'

const UPLOADS = 60
/** A silent worker's jobs are given away after half a minute. */
const LIMIT_MS = 150_000

let cloud: Cloud
let client: Client
let api: Program

beforeAll(async () => {
  cloud = await startCloud()
  const { output } = await cloud.run(['init'])
  client = openClient(/(cal_key_\S+)/.exec(output)?.[1] ?? '')
  api = await cloud.start('api', 'api')
}, 120_000)

afterAll(() => cloud?.close(), 60_000)

it(
  'loses nothing when workers are killed in the middle, and events with them',
  async () => {
    const workers = await Promise.all([cloud.start('worker-a', 'worker'), cloud.start('worker-b', 'worker')])
    const ids: string[] = []
    for (let seed = 0; seed < UPLOADS; seed++) {
      const id = await client.put(api.url, seed)
      ids.push(id)
      await cloud.queue.send(storageEvent(id))
      // One in the middle of its work, the other a moment later.
      if (seed === 20) await workers[0]?.signal('SIGKILL')
      if (seed === 40) await workers[1]?.signal('SIGKILL')
    }
    const waiting = await Promise.all(ids.map(async id => (await client.load(api.url, id)).status))
    expect(waiting.filter(status => status !== 'ready').length).toBeGreaterThan(0)
    await cloud.start('worker-c', 'worker')
    for (const id of ids) await client.untilReady(api.url, id, LIMIT_MS)
    for (const id of ids) {
      const { variants } = await client.load(api.url, id)
      const names = variants.map(({ name, format }) => `${name}.${format}`)
      expect(new Set(names).size).toBe(names.length)
    }
  },
  2 * LIMIT_MS,
)
