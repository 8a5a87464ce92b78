import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'

/** A key for one use: a signature made for another use never verifies here. */
export const deriveKey = (secret: string, use: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `calotype ${use}`, 32)))

/** HMAC-SHA256 in lower-case hex: unlike base64, it has no second spelling. */
export const hexSignature = (key: KeyObject, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex')

/** Compares texts byte by byte in constant time for their length. */
export function isSameText(actual: string, expected: string): boolean {
  const [left, right] = [Buffer.from(actual), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}
