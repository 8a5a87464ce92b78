import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Closes the secrets of webhooks, so that a dump of the database signs nothing. */
export interface SecretSeal {
  /** `owner` is the webhook's id: sealed for one, a secret opens for no other. */
  seal(owner: string, secret: string): string
  /** Throws when the text was not sealed with this key for this owner, or was altered. */
  open(owner: string, sealed: string): string
}

/** A seal of AES-256-GCM under a secret that is for this alone. */
export function createSecretSeal(secret: string): SecretSeal {
  const key = createHash('sha256').update(secret).digest()
  return {
    seal(owner, text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
    },
    open(owner, sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
