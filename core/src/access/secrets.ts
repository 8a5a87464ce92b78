import { hash, randomBytes } from 'node:crypto'

/** SHA-256 of a secret in lower-case hex: what is stored and looked up instead of it (256 random bits need no salt). */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex')

/** A new secret of 256 random bits with a readable kind in front, e.g. `cal_key_…`. */
export const newSecret = (kind: 'key' | 'link' | 'session' | 'invitation'): string =>
  `cal_${kind}_${randomBytes(32).toString('base64url')}`
