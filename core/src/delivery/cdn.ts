/** Where variants are fetched from. URLs are the same for everybody within one time window, so that caches hit. */
export interface Cdn {
  /**
   * A URL for an object key, good until `expiresAt` (epoch seconds). A key without its extension stands for all formats of the variant
   * and is negotiated by `Accept`.
   */
  sign(objectKey: string, expiresAt: number): string
}
