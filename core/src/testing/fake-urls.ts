import type { Cdn, CdnInvalidator } from '../delivery/index.ts'
import type { SignedUpload, UploadSigner, UploadTerms } from '../images/index.ts'

export interface FakeUploadSigner extends UploadSigner {
  /** The terms that were signed so far. */
  signed: UploadTerms[]
}

/** Upload URLs that say what they are for and prove nothing. */
export function createFakeUploadSigner(): FakeUploadSigner {
  const signed: UploadTerms[] = []
  return {
    signed,
    sign: async (terms): Promise<SignedUpload> => {
      signed.push(terms)
      const url = `https://uploads.test/${terms.objectKey}`
      if (terms.sizeBytes === null) return { url, method: 'POST', headers: {}, fields: { key: terms.objectKey } }
      return { url, method: 'PUT', headers: { 'content-type': terms.contentType }, fields: null }
    },
  }
}

/** CDN URLs that say when they expire and prove nothing. */
export const createFakeCdn = (): Cdn => ({
  sign: (objectKey, expiresAt) => `https://cdn.test/${objectKey}?expires=${expiresAt}`,
})

export interface FakeInvalidator extends CdnInvalidator {
  /** Told so far, each reference once. */
  readonly paths: string[]
}

/** Knows what it was told to forget. */
export function createFakeInvalidator(): FakeInvalidator {
  const paths: string[] = []
  const references = new Set<string>()
  return {
    paths,
    invalidate: async (told, reference) => {
      if (!references.has(reference)) paths.push(...told)
      references.add(reference)
      return told.length
    },
  }
}
