import { createECDH, createHash, createHmac, type KeyObject, randomBytes } from 'node:crypto'

/** The order of the group P-256. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const BYTES = 32

const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(2 * BYTES, '0'), 'hex')
const toBigInt = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`)
const mod = (value: bigint): bigint => ((value % N) + N) % N

/** The inverse modulo N by Euclid's algorithm. */
function invert(value: bigint): bigint {
  let [a, b, x, y] = [mod(value), N, 1n, 0n]
  while (a > 1n) {
    const quotient = b / a
    const [smaller, next] = [b - quotient * a, y - quotient * x]
    b = a
    a = smaller
    y = x
    x = next
  }
  return mod(x)
}

/** RFC 6979 3.2: nonces that depend on nothing but key and digest; the next one where the first gives no signature. */
function* nonces(hash: string, secret: Buffer, digest: Buffer): Generator<bigint> {
  const hmac = (key: Buffer, ...parts: Buffer[]) => {
    const mac = createHmac(hash, key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  }
  const size = createHash(hash).digest().length
  let [k, v] = [Buffer.alloc(size, 0), Buffer.alloc(size, 1)]
  for (const mark of [0, 1]) {
    k = hmac(k, v, Buffer.from([mark]), secret, digest)
    v = hmac(k, v)
  }
  for (;;) {
    let bits = Buffer.alloc(0)
    while (bits.length < BYTES) {
      v = hmac(k, v)
      bits = Buffer.concat([bits, v])
    }
    const nonce = toBigInt(bits.subarray(0, BYTES))
    if (nonce > 0n && nonce < N) yield nonce
    k = hmac(k, v, Buffer.from([0]))
    v = hmac(k, v)
  }
}

/** The private number of a key on P-256. */
export function privateNumber(key: KeyObject): Buffer {
  const { d } = key.export({ format: 'jwk' })
  if (typeof d !== 'string') throw new Error('This is no private key on P-256')
  return Buffer.from(d, 'base64url')
}

/**
 * Signs a text by ECDSA on P-256 with the nonces of RFC 6979, so that every process makes the same signature: node:crypto takes random
 * ones, and one image would have another URL at each server. The point multiplication is OpenSSL's. The answer is DER.
 */
export function signDeterministically(hash: 'sha1' | 'sha256', secret: Buffer, text: string): Buffer {
  // No bits to cut off: SHA-1 digests are shorter than the group's order, SHA-256 ones as long.
  const digest = createHash(hash).update(text).digest()
  const z = toBigInt(digest)
  for (const nonce of nonces(hash, secret, toBytes(mod(z)))) {
    const point = createECDH('prime256v1')
    point.setPrivateKey(toBytes(nonce))
    const r = mod(toBigInt(point.getPublicKey().subarray(1, 1 + BYTES)))
    // Blinded, because the time of Euclid's algorithm depends on what it inverts.
    const blind = mod(toBigInt(randomBytes(BYTES)) | 1n)
    const s = mod(invert(nonce * blind) * mod(blind * (z + r * toBigInt(secret))))
    if (r > 0n && s > 0n) return derOf(r, s)
  }
  throw new Error('The nonces never end')
}

/** A sequence of two integers; each at most 33 bytes, so that every length is one byte. */
function derOf(r: bigint, s: bigint): Buffer {
  const integers = [r, s].map(value => {
    const hex = value.toString(16)
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
    const positive = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
    return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
  })
  const body = Buffer.concat(integers)
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}
