import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { privateNumber, signDeterministically } from './deterministic-ecdsa.ts'

/** A key pair whose public half is in the distribution's key group. */
export interface CloudFrontKeyPair {
  /** The id that CloudFront gave to the public key. */
  id: string
  /** PEM: RSA of 2,048 bits, or ECDSA on P-256. */
  privateKey: string
  /**
   * Signs what expires at this time or later, so that all processes change over with the same window. The public key has to be in the
   * key group two lives of a URL before. Without it: always.
   */
  signsFrom?: Date | undefined
}

/** `sha1` for distributions that do not know the parameter `Hash-Algorithm` yet. */
export type SignatureHash = 'sha1' | 'sha256'

export interface SigningKey {
  id: string
  kind: 'rsa' | 'ecdsa'
  /** Epoch seconds. */
  signsFrom: number
  /** The signature of a policy in CloudFront's alphabet; the same text for the same policy in every process. */
  sign(policy: string): string
}

/**
 * Reads a key pair once; every signature would pay for it otherwise. @aws-sdk/cloudfront-signer parses the PEM each time, which is why
 * policies are signed here; the forms are those of the CloudFront Developer Guide, "Create a signed URL using a custom policy", and a
 * test compares them with that package's. Throws for keys that CloudFront does not take.
 */
export function openSigningKey(pair: CloudFrontKeyPair, hash: SignatureHash): SigningKey {
  const key = createPrivateKey(pair.privateKey)
  const { modulusLength, namedCurve } = { ...key.asymmetricKeyDetails }
  const isRsa = key.asymmetricKeyType === 'rsa' && modulusLength === 2_048
  const isEcdsa = key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1'
  if (!isRsa && !isEcdsa)
    throw new Error(`The private key of ${pair.id} is neither RSA with 2,048 bits nor ECDSA on P-256`)
  const signBytes = isRsa ? rsaSigner(hash, key) : ecdsaSigner(hash, key)
  return {
    id: pair.id,
    kind: isRsa ? 'rsa' : 'ecdsa',
    signsFrom: (pair.signsFrom?.getTime() ?? 0) / 1000,
    sign: policy => toCloudFrontBase64(signBytes(policy)),
  }
}

const rsaSigner = (hash: SignatureHash, key: KeyObject) => (policy: string) => sign(hash, Buffer.from(policy), key)

function ecdsaSigner(hash: SignatureHash, key: KeyObject) {
  const secret = privateNumber(key)
  return (policy: string) => signDeterministically(hash, secret, policy)
}

/** Base64 with the three characters replaced that mean something in a URL. */
export const toCloudFrontBase64 = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')

/** The newest key that signs what expires then. */
export function keyFor(keys: readonly SigningKey[], expiresAt: number): SigningKey {
  const ready = keys.filter(key => key.signsFrom <= expiresAt)
  const newest = ready.reduce<SigningKey | null>(
    (best, key) => (best === null || key.signsFrom >= best.signsFrom ? key : best),
    null,
  )
  if (!newest) throw new Error('No CloudFront key pair signs yet')
  return newest
}

/** The kind of a key pair, after its private half signed what its public half verified. Throws for keys that CloudFront does not take. */
export function proveKeyPair(pair: CloudFrontKeyPair): SigningKey['kind'] {
  const key = openSigningKey(pair, 'sha256')
  const policy = `a policy of ${pair.id}`
  const signature = Buffer.from(
    key.sign(policy).replace(/[-_~]/g, letter => PLAIN[letter] ?? ''),
    'base64',
  )
  if (!verify('sha256', Buffer.from(policy), createPublicKey(pair.privateKey), signature))
    throw new Error(`What the private key of ${pair.id} signs cannot be verified`)
  return key.kind
}

const PLAIN: Readonly<Record<string, string>> = { '-': '+', _: '=', '~': '/' }
