import type { Cdn } from '@calotype/core'
import {
  type CloudFrontKeyPair,
  keyFor,
  openSigningKey,
  type SignatureHash,
  toCloudFrontBase64,
} from './signing-key.ts'

/** Signatures kept: one is about 700 bytes of text. */
export const MAX_KEPT_SIGNATURES = 10_000

export interface CloudFrontCdnConfig {
  /** Of the distribution, e.g. `d111111abcdef8.cloudfront.net`. */
  domain: string
  /** One at least; during a rotation the old and the new one, in any order. */
  keyPairs: readonly CloudFrontKeyPair[]
  hash?: SignatureHash | undefined
  maxKeptSignatures?: number | undefined
}

/** Names and values of cookies; the caller adds Domain, Path, Secure, HttpOnly and the end of their life. */
export type SignedCookies = Readonly<Record<string, string>>

export interface CloudFrontCdn extends Cdn {
  /** Cookies that open all private variants of a project until `expiresAt` (epoch seconds): one signature for a whole gallery. */
  signCookies(projectId: string, expiresAt: number): SignedCookies
}

/** The parts of a signature, as URLs and cookies carry them under names of their own. */
interface SignedPolicy {
  policy: string
  signature: string
  keyPairId: string
}

/**
 * CloudFront URLs. Private keys of one folder (an image's rendering) share one policy with a wildcard and so one signature; public keys
 * go unsigned. Needs no clock and no state: every process answers the same URL for the same window.
 */
export function createCloudFrontCdn(config: CloudFrontCdnConfig): CloudFrontCdn {
  const { hash = 'sha256', maxKeptSignatures = MAX_KEPT_SIGNATURES } = config
  const base = `https://${config.domain}/`
  const keys = config.keyPairs.map(pair => openSigningKey(pair, hash))
  keyFor(keys, Number.POSITIVE_INFINITY)
  const signPolicy = (resource: string, expiresAt: number): SignedPolicy => {
    const policy = policyOf(resource, expiresAt)
    const key = keyFor(keys, expiresAt)
    return { policy: toCloudFrontBase64(Buffer.from(policy)), signature: key.sign(policy), keyPairId: key.id }
  }
  const queries = keep(maxKeptSignatures, (folder, expiresAt) => {
    const { policy, signature, keyPairId } = signPolicy(`${base}${folder}*`, expiresAt)
    const algorithm = hash === 'sha256' ? '&Hash-Algorithm=SHA256' : ''
    return `?Policy=${policy}&Signature=${signature}&Key-Pair-Id=${keyPairId}${algorithm}`
  })
  return {
    // A viewer function knows nothing but the key.
    choosesBlindly: true,
    sign: (objectKey, expiresAt) => {
      const url = base + objectKey
      return isPublic(objectKey) ? url : url + queries(folderOf(objectKey), expiresAt)
    },
    signCookies: (projectId, expiresAt) => {
      if (!SEGMENT.test(projectId)) throw new Error('This is no id of a project')
      const { policy, signature, keyPairId } = signPolicy(`${base}private/${projectId}/*`, expiresAt)
      return {
        'CloudFront-Policy': policy,
        'CloudFront-Signature': signature,
        'CloudFront-Key-Pair-Id': keyPairId,
        ...(hash === 'sha256' ? { 'CloudFront-Hash-Algorithm': 'SHA256' } : {}),
      }
    },
  }
}

const SEGMENT = /^[A-Za-z0-9_-]+$/
/** `private/{project}/{image}/{recipe}/{name}`: a shorter key, or one with a wildcard of its own, would open more than an image. */
const PRIVATE_KEY = /^(private\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+\/)[A-Za-z0-9._-]+$/
const isPublic = (objectKey: string): boolean => objectKey.startsWith('public/')

function folderOf(objectKey: string): string {
  const folder = PRIVATE_KEY.exec(objectKey)?.[1]
  if (folder === undefined) throw new Error('Only variants have a place on the CDN')
  return folder
}

/** In the order and without the spaces of the Developer Guide; CloudFront verifies the text, not its meaning. */
const policyOf = (resource: string, expiresAt: number): string =>
  JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': expiresAt } } }],
  })

/** Keeps what was made; past the limit the oldest goes, which is of the oldest window. */
function keep(limit: number, make: (folder: string, expiresAt: number) => string) {
  const kept = new Map<string, string>()
  return (folder: string, expiresAt: number): string => {
    const name = `${expiresAt} ${folder}`
    const known = kept.get(name)
    if (known !== undefined) return known
    const made = make(folder, expiresAt)
    kept.set(name, made)
    const oldest = kept.size > limit ? kept.keys().next().value : undefined
    if (oldest !== undefined) kept.delete(oldest)
    return made
  }
}
