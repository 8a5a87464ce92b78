/** The bytes that images refer to, owned by none of them (law of originals). `sha256` is null until somebody hashed them. */
export interface Original {
  projectId: string
  objectKey: string
  sha256: string | null
  sizeBytes: number
  state: 'live' | 'purging'
}

export interface OriginalStore {
  /** The live original with these bytes, its row locked to the end of the transaction. */
  lockBySha256(projectId: string, sha256: string): Promise<Original | null>
  /** The same for many, locked in one order, so that two callers with the same ones never wait for each other. */
  lockManyBySha256(projectId: string, sha256s: readonly string[]): Promise<readonly Original[]>
  /** The original at this key in any state, its row locked to the end of the transaction. */
  lockByKey(projectId: string, objectKey: string): Promise<Original | null>
  /** False when a live original with the same bytes is there already. Adding the same key again is no error. */
  add(original: Omit<Original, 'state'>): Promise<boolean>
  /** Records the hash; false when a live original with the same bytes is there already. */
  setSha256(projectId: string, objectKey: string, sha256: string): Promise<boolean>
  /** From here on no image may refer to it any more. */
  markPurging(projectId: string, objectKey: string): Promise<void>
  /** Some originals of a project, in any state: for the job that removes the project. */
  findSome(projectId: string, limit: number): Promise<readonly Original[]>
  /** Removes the row; images that still named it (deleted or refused ones) name nothing afterwards. */
  remove(projectId: string, objectKey: string): Promise<void>
}
