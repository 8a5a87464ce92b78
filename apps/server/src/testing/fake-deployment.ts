import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type BlobStore, isProbeId, type SignedUpload, type UploadTerms } from '@calotype/core'
import { createMemoryBlobStore, createTestClock } from '@calotype/core/testing'
import type { DoctorParts } from '../doctor/doctor-parts.ts'
import { createProbes } from '../doctor/probes.ts'
import type { Web, WebAnswer, WebRequest } from '../doctor/web.ts'

/** What can be wrong with a deployment; each is one thing that an operator does or forgets. */
export const FAULTS = [
  ...(['database away', 'database old', 'migrations missing', 'database too new', 'database clock wrong'] as const),
  ...([
    'storage away',
    'storage alters bytes',
    'storage keeps objects',
    'storage clock wrong',
    'server clock wrong',
  ] as const),
  ...(['server not ready', 'server is another', 'bucket readable', 'bucket listable', 'settings differ'] as const),
  ...(['rules of others', 'no CORS', 'type free', 'length free', 'hash free', 'overwrites', 'expiry free'] as const),
  ...(['signature free', 'takes nothing', 'answers 500', 'key broken', 'key unknown', 'viewers unrestricted'] as const),
  ...(['edge keeps answers', 'edge forgets expiry', 'public closed', 'originals exposed', 'events lost'] as const),
  ...(['dead letters', 'dead letters unknown', 'detection queue away', 'library old', 'Redis away'] as const),
  ...(['mail away', 'disk full', 'one probe stays'] as const),
] as const
export type Fault = (typeof FAULTS)[number]

const STORAGE = 'https://storage.test/photos/'
const CDN = 'https://cdn.test/'
const ORIGIN = 'https://app.example.org'
const AWAY_MS = 3_600_000

type Has = (fault: Fault) => boolean

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

/** Signed uploads by a table of what was signed. */
function openUploads() {
  const signed = new Map<string, UploadTerms>()
  const sign = async (terms: UploadTerms): Promise<SignedUpload> => {
    const name = String(signed.size)
    signed.set(name, terms)
    const headers = { 'content-type': terms.contentType, 'if-none-match': '*', 'x-amz-checksum-sha256': hashOf(terms) }
    return { url: `${STORAGE}${terms.objectKey}?signed=${name}`, method: 'PUT', headers, fields: null }
  }
  return { sign, find: (query: string) => signed.get(query.replace('signed=', '')) ?? null }
}

const hashOf = ({ sha256 }: UploadTerms): string => Buffer.from(sha256 ?? '', 'hex').toString('base64')

function openDelivery(has: Has) {
  const sign = (key: string, expires: number) =>
    key.startsWith('public/')
      ? CDN + key
      : `${CDN}${key}?expires=${expires}&signature=a${createHash('md5')
          .update(key + expires)
          .digest('hex')}`
  const prove = () => {
    if (has('key broken')) throw new Error('What the private key of K1 signs cannot be verified')
    return 'rsa'
  }
  return { base: CDN, doors: [{ keyId: 'K1', cdn: { sign }, prove }] }
}

interface Surroundings {
  has: Has
  blobs: BlobStore
  clock: { now(): Date }
  uploads: ReturnType<typeof openUploads>
}

const BY = { projectId: '', purpose: 'care' as const }

function openWeb(around: Surroundings): Web {
  const { has, clock } = around
  const respond = (status: number, text = '', headers: Record<string, string> = {}, skewed = false): WebAnswer => {
    const date = new Date(clock.now().getTime() + (skewed ? AWAY_MS : 0))
    return { status, text, headers: new Headers(headers), date, askedAt: clock.now() }
  }
  return async (url, request = {}) => {
    if (url.startsWith(STORAGE)) return answerStorage(around, url.slice(STORAGE.length), request, respond)
    if (url.startsWith(CDN)) return answerCdn(around, url.slice(CDN.length), respond)
    if (has('server is another')) return respond(200, '<html>')
    const status = has('server not ready') ? 'down' : 'ok'
    const part = { status: 'ok' }
    return respond(
      200,
      JSON.stringify({ status, parts: { database: { status }, storage: part, events: part } }),
      {},
      has('server clock wrong'),
    )
  }
}

type Respond = (status: number, text?: string, headers?: Record<string, string>, skewed?: boolean) => WebAnswer

async function answerStorage(
  { has, ...around }: Surroundings,
  path: string,
  request: WebRequest,
  respond: Respond,
): Promise<WebAnswer> {
  const [key = '', query = ''] = path.split('?')
  const terms = around.uploads.find(query)
  if (request.method === 'OPTIONS') return has('no CORS') ? respond(403) : respond(200, '', corsHeaders(request))
  if (request.method !== 'PUT')
    return respond(
      has(key === '' ? 'bucket listable' : 'bucket readable') ? 200 : 403,
      '',
      {},
      has('storage clock wrong'),
    )
  if (has('answers 500')) return respond(500)
  if (has('takes nothing') || !mayPut(has, terms, request, around.clock.now())) return respond(403)
  if (!has('overwrites') && (await around.blobs.head(key, BY))) return respond(412)
  await around.blobs.put(key, Readable.from([request.body ?? '']), { maxBytes: 1e6, contentType: '' }, BY)
  return respond(200)
}

const corsHeaders = ({ headers = {} }: WebRequest) => ({
  'access-control-allow-origin': headers.origin ?? '',
  'access-control-allow-methods': 'PUT, POST',
  'access-control-allow-headers': 'Content-Type, If-None-Match, X-Amz-Checksum-SHA256',
})

function mayPut(has: Has, terms: UploadTerms | null, { headers = {}, body = '' }: WebRequest, now: Date): boolean {
  if (terms === null) return has('signature free')
  return (
    (has('type free') || headers['content-type'] === terms.contentType) &&
    (has('length free') || Buffer.byteLength(body) === terms.sizeBytes) &&
    (has('hash free') || headers['x-amz-checksum-sha256'] === hashOf(terms)) &&
    (has('overwrites') || headers['if-none-match'] === '*') &&
    (has('expiry free') || now < terms.expiresAt)
  )
}

const seen = new WeakMap<Surroundings, Set<string>>()

async function answerCdn(around: Surroundings, path: string, respond: Respond): Promise<WebAnswer> {
  const { has, blobs, clock } = around
  const [key = '', query = ''] = path.split('?')
  const kept = seen.get(around) ?? new Set()
  seen.set(around, kept)
  const whole = await blobs.readWhole(key, 1e6, BY)
  const bytes = whole !== null && whole !== 'too_large' ? whole.bytes.toString() : ''
  if (key.startsWith('uploads/')) return has('originals exposed') ? respond(200, bytes) : respond(403)
  if (key.startsWith('public/')) return has('public closed') ? respond(403) : respond(200, bytes)
  const expires = Number(/expires=(\d+)/.exec(query)?.[1])
  const good = query.endsWith(
    `signature=a${createHash('md5')
      .update(key + expires)
      .digest('hex')}`,
  )
  const fresh = has('edge forgets expiry') || clock.now().getTime() / 1000 < expires
  if (
    has('viewers unrestricted') ||
    (good && fresh && !has('key unknown')) ||
    (has('edge keeps answers') && kept.has(key))
  ) {
    kept.add(key)
    return respond(200, bytes)
  }
  return respond(403)
}

/** What is still stored of probes. */
export async function leftOf(blobs: BlobStore): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of blobs.list('', BY)) if (key.split('/').some(isProbeId)) keys.push(key)
  return keys
}
