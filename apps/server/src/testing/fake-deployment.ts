import { type BlobStore, isProbeId } from '@calotype/core'
import { createMemoryBlobStore, createTestClock } from '@calotype/core/testing'
import type { DoctorParts } from '../doctor/doctor-parts.ts'
import { createProbes } from '../doctor/probes.ts'
import { AWAY_MS, type Fault, type Has } from './fake-faults.ts'
import { openDelivery, openUploads, openWeb } from './fake-web.ts'

const ORIGIN = 'https://app.example.org'
const BY = { projectId: '', purpose: 'care' as const }

/** A whole deployment in memory, sound but for the faults given. `workers`: whether somebody reads the queue. */
export function fakeDeployment(faults: readonly Fault[] = [], { workers = 1, stop = new AbortController() } = {}) {
  const has: Has = fault => faults.includes(fault)
  const clock = createTestClock()
  const memory = createMemoryBlobStore(clock)
  const blobs = faultyBlobs(memory, has)
  const uploads = openUploads()
  const arrived: string[] = []
  const arrive = (id: string) => {
    if (!has('events lost')) arrived.push(id)
  }
  const probes = createProbes(blobs)
  const noteStored = (id: string) => {
    probes.noteStored(id)
    arrive(id)
  }
  const parts: DoctorParts = {
    ...{ shape: 'a fake', clock, eventSeconds: 0.05, origins: [ORIGIN], signal: stop.signal },
    web: openWeb({ has, blobs: memory, clock, uploads }),
    probes: { ...probes, noteStored },
    storage: { part: blobs },
    ...databaseParts(has, clock, workers),
    uploads: { part: { kind: 'stores', sign: () => ({ sign: uploads.sign }) } },
    events: {
      part: {
        queue: {
          state: async () => ({
            messages: 0,
            deadLetters: has('dead letters unknown') ? null : has('dead letters') ? 3 : 0,
          }),
          takeProbes: async () => (workers === 0 ? arrived.splice(0) : []),
        },
        announcements: { heard: id => workers > 0 && arrived.includes(id) },
      },
    },
    delivery: { part: openDelivery(has) },
    ...surroundings(has),
  }
  return { parts, blobs: memory, stop }
}

function databaseParts(has: Has, clock: { now(): Date }, workers: number): Pick<DoctorParts, 'database'> {
  const inspect = async () => {
    if (has('database away')) throw new Error('The database did not answer')
    const skew = has('database clock wrong') ? AWAY_MS : 0
    return {
      version: has('database old') ? '14.2' : '18.1',
      now: new Date(clock.now().getTime() + skew),
      askedAt: clock.now(),
      pending: has('migrations missing') ? ['0009-messages.sql'] : [],
      tooNew: has('database too new'),
      workers,
    }
  }
  return { database: { part: { inspect } } }
}

const failWhen =
  (away: boolean, answer = '') =>
  async () => {
    if (away) throw new Error('It is away')
    return answer
  }

function surroundings(
  has: Has,
): Pick<DoctorParts, 'bucket' | 'pipeline' | 'server' | 'redis' | 'mail' | 'engine' | 'disk'> {
  const rule = { part: 'lifecycle', is: 'a rule expires uploads', wanted: 'none does', ours: false }
  const cors = { part: 'CORS', is: 'MaxAgeSeconds: 5', wanted: 'MaxAgeSeconds: 600', ours: true }
  const differences = [...(has('settings differ') ? [cors] : []), ...(has('rules of others') ? [rule] : [])]
  return {
    bucket: { part: { check: async () => ({ differences, unsupported: ['versioning'] }) } },
    pipeline: { part: { check: async () => void (await failWhen(has('detection queue away'))()) } },
    server: { part: { url: 'https://server.test' } },
    redis: { part: { check: failWhen(has('Redis away'), '8.0') } },
    mail: { part: { check: async () => void (await failWhen(has('mail away'))()) } },
    engine: { versions: 'vips 8.18.6', outdated: has('library old') ? ['vips 8.1'] : [], isolation: 'namespace' },
    disk: { part: { directory: '/data', freeBytes: async () => (has('disk full') ? 1_000 : 2 ** 40) } },
  }
}

function faultyBlobs(memory: BlobStore, has: Has): BlobStore {
  return {
    ...memory,
    check: async () => {
      if (has('storage away')) throw new Error('The storage could not be reached')
    },
    readWhole: async (key, maxBytes, by) => {
      const whole = await memory.readWhole(key, maxBytes, by)
      return has('storage alters bytes') && whole !== null && whole !== 'too_large'
        ? { ...whole, bytes: Buffer.from('?') }
        : whole
    },
    remove: async (keys, by) => {
      if (has('storage keeps objects')) return keys
      return has('one probe stays') && keys.length > 1
        ? [...(await memory.remove(keys.slice(1), by)), ...keys.slice(0, 1)]
        : memory.remove(keys, by)
    },
  }
}

/** What is still stored of probes. */
export async function leftOf(blobs: BlobStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of blobs.list('', BY)) if (key.split('/').some(isProbeId)) keys.push(key)
  return keys
}
