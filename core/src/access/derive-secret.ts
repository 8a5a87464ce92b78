import { hkdfSync } from 'node:crypto'

const BYTES = 32

/** A secret for one purpose alone, made from the installation's (HKDF-SHA256): 64 characters of hex. */
export const deriveSecret = (secret: string, purpose: string): string =>
  Buffer.from(hkdfSync('sha256', secret, '', `calotype ${purpose}`, BYTES)).toString('hex')
