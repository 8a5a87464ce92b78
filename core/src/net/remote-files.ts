import type { Readable } from 'node:stream'

/** A file of a server of others, its bytes as they were sent, nothing decoded. */
export interface RemoteFile {
  /** Ends, or fails with `import_failed`, within the time that the whole fetch has. */
  body: Readable
  /** What the server announced; null where it did not. */
  sizeBytes: number | null
}

/**
 * Fetches what a stranger names, without becoming the stranger's hand inside our own network. Rejects with `import_refused` where an
 * address, the first one or one that a redirect leads to, may not be called, with `import_failed` of kind `content` where no try will
 * help, of kind `network` where one may.
 */
export interface RemoteFiles {
  /** Refuses by its text alone a URL that is never fetched; says nothing about where its name leads. Answers it in its plain form. */
  check(url: string): string
  open(url: string): Promise<RemoteFile>
}
