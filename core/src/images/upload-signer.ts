/** What a signed upload URL is bound to: storage itself refuses everything else. */
export interface UploadTerms {
  projectId: string
  imageId: string
  objectKey: string
  contentType: string
  /** Exact length in bytes; null for a form upload of up to `maxBytes`. */
  sizeBytes: number | null
  maxBytes: number
  sha256: string | null
  expiresAt: Date
}

/** How a client sends the bytes. Headers never contain Content-Length, which clients set themselves. */
export interface SignedUpload {
  url: string
  method: 'PUT' | 'POST'
  headers: Record<string, string>
  /** Form fields to send before the file, with method POST. */
  fields: Record<string, string> | null
}

export interface UploadSigner {
  sign(terms: UploadTerms): Promise<SignedUpload>
}
