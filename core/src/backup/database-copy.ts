import type { Readable } from 'node:stream'

/** An object that rows refer to. */
export interface ObjectReference {
  key: string
  projectId: string
  /** Null while the bytes are awaited. */
  sizeBytes: number | null
  /** Lower-case hex, where it is known. */
  sha256: string | null
  contentType: string
  /** Whether an image can be asked for it; the others are on their way in or out. */
  required: boolean
}

/** One moment of a database. Tables are text in a form that no version of the database server changes. */
export interface DatabaseMoment {
  /** The migrations that were applied. */
  readonly schema: readonly number[]
  /** The server's own version, for people. */
  readonly server: string
  /** In the order in which they can be loaded. */
  readonly tables: readonly string[]
  /** The rows of a table, one per line, in an order that depends on the rows alone. */
  readTable(table: string): Promise<Readable>
  /** Objects with keys after `after`, in byte order, each once. */
  listObjects(after: string, limit: number): Promise<readonly ObjectReference[]>
}

/** Reads a database whole, while others use it. */
export interface DatabaseReader {
  /** Runs `work` on one moment, however long it takes. Rejects with `nothing_to_copy` where nothing is installed. */
  read<T>(work: (moment: DatabaseMoment) => Promise<T>): Promise<T>
}

/** A database that is being filled. */
export interface DatabaseLoading {
  loadTable(table: string, rows: Readable): Promise<void>
  /** The rows as they are now. */
  readTable(table: string): Promise<Readable>
}

/** Fills an empty database. */
export interface DatabaseLoader {
  /** What is in the database already, in words; null when nothing is. */
  findContents(): Promise<string | null>
  /** The migrations that this program has. */
  knownSchema(): Promise<readonly number[]>
  /**
   * Brings the database to this schema and runs `work` in one transaction: all of it is there afterwards or nothing. Then come the
   * migrations that are younger. Rejects with `installation_not_empty`.
   */
  load(schema: readonly number[], work: (loading: DatabaseLoading) => Promise<void>): Promise<void>
}
