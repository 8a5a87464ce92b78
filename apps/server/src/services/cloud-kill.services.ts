import { createS3BlobStore } from '@calotype/aws'
import { Project } from '@calotype/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Crew, startCrew } from '../testing/chaos/kill-at-random.ts'
import { createRandom } from '../testing/chaos/random.ts'
import { sendUploads } from '../testing/chaos/send-uploads.ts'
import { findUnsettled, findWrongs, listImages } from '../testing/chaos/verdict.ts'
import { type Cloud, startCloud } from '../testing/cloud.ts'
import { type Client, openClient, ownerKeyOf } from '../testing/cloud-client.ts'

const UPLOADS = 1_000
const HARASSED_MS = 60_000
const KILLS = 12
/** A silent worker's jobs are given away after half a minute; the rest is for a machine that is busy. */
const SETTLED_WITHIN_MS = 600_000
const LOST_EVENTS = 0.05
const DOUBLED_EVENTS = 0.1
/** One variant in two formats: the test is about processes, not about pixels. */
const VARIANT = { name: 'full', width: 24, height: 24, fit: 'inside', formats: ['webp', 'jpeg'], max_bytes: null }

/** The same seed kills the same processes at the same moments and loses the same events: `KILL_SEED=… npm run test:services`. */
const SEED = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 2 ** 31))
const random = createRandom(SEED)
const fate = createRandom(SEED + 1)
const tells = () => {
  const drawn = fate()
  return drawn < LOST_EVENTS ? 0 : drawn < LOST_EVENTS + DOUBLED_EVENTS ? 2 : 1
}

let cloud: Cloud
let crew: Crew
let client: Client
let key: string

beforeAll(async () => {
  process.stdout.write(`KILL_SEED=${SEED}\n`)
  cloud = await startCloud({ tells, env: { UPLOAD_URLS_PER_MINUTE: '100000' } })
  key = ownerKeyOf(await cloud.run(['init']))
  client = openClient(key)
  crew = await startCrew(cloud, { 'api-a': 'api', 'api-b': 'api', 'worker-a': 'worker', 'worker-b': 'worker' })
}, 300_000)

afterAll(() => cloud?.close(), 60_000)

const sweepNow = async () => {
  const inspection = await cloud.inspect()
  await inspection.query(`select graphile_worker.add_job('care.sweep', '{}', job_key => 'care.sweep')`)
  await inspection.close()
}

async function listObjects(): Promise<string[]> {
  const blobs = createS3BlobStore(cloud.bucket)
  const keys: string[] = []
  for await (const object of blobs.list('', { projectId: '', purpose: 'care' })) keys.push(object.key)
  blobs.close()
  return keys
}

it(
  `loses nothing of ${UPLOADS} uploads while two API and two worker processes are killed at random`,
  async () => {
    const json = { name: 'killed at random', variants: [VARIANT] }
    const headers = { 'content-type': 'application/json' }
    const asked = { method: 'POST', headers, body: JSON.stringify(json) }
    const projectId = Project.parse(await client.json(cloud.publicUrl, '/projects', asked)).id
    const [promised, kills] = await Promise.all([
      sendUploads({ url: cloud.publicUrl, key, projectId }, UPLOADS, HARASSED_MS),
      crew.harass(random, { milliseconds: HARASSED_MS, kills: KILLS }),
    ])
    expect(promised).toHaveLength(UPLOADS)
    const images = () => listImages(client, cloud.publicUrl, projectId)
    // As the schedule does every five minutes: it finds what no event told.
    await sweepNow()
    const settled = { timeout: SETTLED_WITHIN_MS, interval: 1_000 }
    await expect.poll(async () => findUnsettled(await images(), promised), settled).toEqual([])
    // What killed attempts left behind, found by a worker that does not wait for an hour.
    expect(await crew.stop('worker')).toEqual([0, 0])
    await cloud.start('worker-c', 'worker', { ORPHAN_GRACE: '1' })
    const verdict = async () =>
      findWrongs(await images(), await listObjects(), { promised, variants: ['full.webp', 'full.jpeg'] })
    await expect.poll(verdict, settled).toEqual([])
    // What a killed worker had received comes back to another one when its time is over.
    await expect.poll(() => cloud.queue.count(), settled).toBe(0)
    process.stdout.write(`${kills} kills, ${promised.length} images\n`)
  },
  2 * SETTLED_WITHIN_MS,
)
