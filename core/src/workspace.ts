import type { StoredBlob } from './blob-store.ts'

/** A temporary directory of one job on this machine. */
export interface WorkDirectory {
  /** Absolute path of a file in it. */
  path(name: string): string
  /** Makes an empty directory in it and answers its absolute path. */
  makeDirectory(name: string): Promise<string>
  /** Size and SHA-256 of a file in it. */
  hash(name: string): Promise<StoredBlob>
}

export interface Workspace {
  /** Makes a directory for the work and removes it afterwards, however the work ends. */
  use<T>(work: (directory: WorkDirectory) => Promise<T>): Promise<T>
}
