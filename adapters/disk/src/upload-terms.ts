import type { UploadTerms } from '@calotype/core'

/** Signed terms as named texts in their one order: what a URL's query or a form carries, the image id apart. */
export type TermPairs = readonly (readonly [name: string, text: string])[]

const DIGITS = /^(0|[1-9][0-9]{0,14})$/
const SHA256 = /^[0-9a-f]{64}$/

/** The terms in canonical order. A length makes them a URL's, none a form's. */
export function termPairs(terms: UploadTerms): TermPairs {
  const size = terms.sizeBytes === null ? ['max-bytes', terms.maxBytes] : ['size', terms.sizeBytes]
  return [
    ['content-type', terms.contentType],
    ['expires', String(Math.floor(terms.expiresAt.getTime() / 1000))],
    ['key', terms.objectKey],
    ['project', terms.projectId],
    ...(terms.sha256 === null ? [] : [['sha256', terms.sha256] as const]),
    [String(size[0]), String(size[1])],
  ]
}

/** What pairs that came from outside mean; null when they mean nothing. Whether they were signed is not judged here. */
export function parseTerms(imageId: string, pairs: TermPairs): UploadTerms | null {
  const texts = new Map(pairs)
  if (texts.size !== pairs.length) return null
  const text = (name: string) => texts.get(name) ?? null
  const [contentType, objectKey, projectId, sha256] = ['content-type', 'key', 'project', 'sha256'].map(text)
  const [expires, size, maxBytes] = ['expires', 'size', 'max-bytes'].map(name => number(text(name)))
  if (!contentType || !objectKey || !projectId || !expires) return null
  if (sha256 && !SHA256.test(sha256)) return null
  const bound = size ?? maxBytes ?? null
  if (bound === null) return null
  return {
    projectId,
    imageId,
    objectKey,
    contentType,
    sizeBytes: size ?? null,
    maxBytes: bound,
    sha256: sha256 ?? null,
    expiresAt: new Date(expires * 1000),
  }
}

const number = (text: string | null): number | null => (text !== null && DIGITS.test(text) ? Number(text) : null)
