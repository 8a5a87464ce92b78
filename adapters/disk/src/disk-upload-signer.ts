import { DomainError, type UploadSigner, type UploadTerms, uploadExpired } from '@calotype/core'
import { deriveKey, hexSignature, isSameText } from './signature.ts'
import { parseTerms, type TermPairs, termPairs } from './upload-terms.ts'

export interface DiskUploadSigner extends UploadSigner {
  /**
   * The terms of a signed PUT by the query after `?` as it stands in the request line. Throws `invalid_signature` for
   * anything that was not signed to the letter, and only then `upload_expired`.
   */
  verify(imageId: string, query: string, now: Date): UploadTerms
  /** The same for the fields that came before the file of a signed form, in any order. */
  verifyForm(imageId: string, fields: Iterable<readonly [name: string, text: string]>, now: Date): UploadTerms
}

const invalidSignature = (): DomainError =>
  new DomainError('forbidden', 'invalid_signature', 'This upload URL is not as it was signed. Ask for a new one.')

// `/` stays: it needs no escaping in a query, and intermediaries that normalise URLs would undo it.
const escapeText = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll('%2F', '/')
const toQuery = (pairs: TermPairs): string => pairs.map(([name, text]) => `${name}=${escapeText(text)}`).join('&')

/** Signed upload URLs of this server: `{publicUrl}/api/v1/uploads/direct/{image_id}`, as a PUT or, without a length, a form. */
export function createDiskUploadSigner(config: { publicUrl: string; secret: string }): DiskUploadSigner {
  const base = `${config.publicUrl.replace(/\/+$/, '')}/api/v1/uploads/direct/`
  const key = deriveKey(config.secret, 'upload-url 1')
  /** The canonical pairs of these terms with their signature, under the method that they are for. */
  const signedPairs = (terms: UploadTerms): TermPairs => {
    const pairs = termPairs(terms)
    const method = terms.sizeBytes === null ? 'POST' : 'PUT'
    const signature = hexSignature(key, `${method}\n${escapeText(terms.imageId)}\n${toQuery(pairs)}`)
    return [...pairs, ['signature', signature]]
  }
  // What came is read, signed anew as it would have left here, and compared as one text: no second spelling passes.
  const accept = (terms: UploadTerms | null, text: string, now: Date): UploadTerms => {
    if (!terms || !isSameText(text, toQuery(signedPairs(terms)))) throw invalidSignature()
    if (now >= terms.expiresAt) throw uploadExpired()
    return terms
  }
  return {
    sign: async terms => {
      const url = `${base}${encodeURIComponent(terms.imageId)}`
      const pairs = signedPairs(terms)
      if (terms.sizeBytes === null) return { url, method: 'POST', headers: {}, fields: Object.fromEntries(pairs) }
      const headers = { 'content-type': terms.contentType }
      return { url: `${url}?${toQuery(pairs)}`, method: 'PUT', headers, fields: null }
    },
    verify: (imageId, query, now) => {
      const terms = parseTerms(imageId, parseQuery(query))
      if (terms?.sizeBytes === null) throw invalidSignature()
      return accept(terms, query, now)
    },
    verifyForm: (imageId, fields, now) => {
      const pairs = [...fields].sort(([left], [right]) => order(left) - order(right))
      const terms = parseTerms(imageId, pairs)
      if (terms?.sizeBytes !== null) throw invalidSignature()
      return accept(terms, toQuery(pairs), now)
    },
  }
}

const ORDER: readonly string[] = ['content-type', 'expires', 'key', 'project', 'sha256', 'max-bytes', 'signature']
const order = (name: string): number => ORDER.indexOf(name)

/** Longer queries are refused unread. */
const MAX_QUERY_LENGTH = 2_048

function parseQuery(query: string): TermPairs {
  if (query.length > MAX_QUERY_LENGTH) throw invalidSignature()
  return [...new URLSearchParams(query)]
}
