/** Where variants are fetched from. URLs are the same for everybody within one time window, so that caches hit. */
export interface Cdn {
  /**
   * A URL for an object key, good until `expiresAt` (epoch seconds). A key without its extension stands for all formats of the variant
   * and is negotiated by `Accept`.
   */
  sign(objectKey: string, expiresAt: number): string
  /** Cookies, by name, that open all private variants of a project until then; not every CDN knows such. */
  signCookies?(projectId: string, expiresAt: number): Readonly<Record<string, string>>
  /** Set where the format is chosen without a look at what there is. */
  readonly choosesBlindly?: true
}

/** Makes whatever keeps copies of delivered objects forget them. */
export interface CdnInvalidator {
  /**
   * Paths are object keys, or a folder ending in `*`, which counts as one. The same reference again does nothing more, so that a job may
   * repeat it. Resolves with how many paths were told; rejects with `cdn_unavailable`.
   */
  invalidate(paths: readonly string[], reference: string): Promise<number>
}
