import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobStore, SignedUpload, UploadTerms } from '@calotype/core'
import type { Web, WebAnswer, WebRequest } from '../doctor/web.ts'
import { AWAY_MS, type Has } from './fake-faults.ts'

const STORAGE = 'https://storage.test/photos/'
const CDN = 'https://cdn.test/'
const BY = { projectId: '', purpose: 'care' as const }

/** Signed uploads by a table of what was signed. */
export function openUploads() {
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

/** A CDN with one key. */
export function openDelivery(has: Has) {
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

/** Storage, CDN and server as a client meets them. */
export function openWeb(around: Surroundings): Web {
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
