import type { Cdn } from '@calotype/core'
import { deriveKey, hexSignature, isSameText } from './signature.ts'

export interface DiskCdn extends Cdn {
  /**
   * Judges a URL of `sign` by the key after `/cdn/` and the query after `?`, both as they stand in the request line: another
   * spelling of the same meaning is `invalid`.
   */
  verify(objectKey: string, query: string, nowSeconds: number): 'ok' | 'expired' | 'invalid'
}

const QUERY = /^expires=([1-9][0-9]{0,14})&signature=([0-9a-f]{64})$/

/** The embedded CDN: signed URLs of this server, `{publicUrl}/cdn/{object_key}?expires=…&signature=…`. */
export function createDiskCdn(config: { publicUrl: string; secret: string }): DiskCdn {
  const key = deriveKey(config.secret, 'cdn-url 1')
  const base = `${config.publicUrl.replace(/\/+$/, '')}/cdn/`
  const signatureOf = (objectKey: string, expires: string) => hexSignature(key, `${expires}\n${objectKey}`)
  return {
    sign: (objectKey, expiresAt) => {
      const signature = signatureOf(objectKey, String(expiresAt))
      return `${base}${objectKey}?expires=${expiresAt}&signature=${signature}`
    },
    verify: (objectKey, query, nowSeconds) => {
      const [, expires, signature] = QUERY.exec(query) ?? []
      if (expires === undefined || signature === undefined) return 'invalid'
      if (!isSameText(signature, signatureOf(objectKey, expires))) return 'invalid'
      return nowSeconds < Number(expires) ? 'ok' : 'expired'
    },
  }
}
