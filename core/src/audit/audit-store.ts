import type { AuditAction, AuditEntry, ChainHead, Seal, SealedEntry } from './audit-entry.ts'

export interface AuditQuery {
  organizationId: string
  /** Only entries of these projects; null for every entry of the organisation. */
  projectIds: readonly string[] | null
  action: AuditAction | null
  /** Id of whoever acted. */
  actorId: string | null
  /** Id of what it was done to. */
  subject: string | null
  /** Id of the last entry of the page before: newest first, by id. */
  before: string | null
  limit: number
}

/** Audit logs by organisation: what is written can be neither changed nor removed while the organisation is there. */
export interface AuditStore {
  /** Writes entries, not sealed yet. Those of organisations that are gone are left out. */
  add(entries: readonly AuditEntry[]): Promise<void>
  list(query: AuditQuery): Promise<ReadonlyArray<AuditEntry & { seal: Seal | null }>>
  /** Organisations that have entries without a seal. */
  findUnsealed(limit: number): Promise<readonly string[]>
  /** The end of the chain, locked to the end of the transaction; before the first entry seq 0 and the hash of nothing. */
  lockHead(organizationId: string): Promise<ChainHead>
  /** Entries without a seal in the order in which they are to be sealed. */
  listUnsealed(organizationId: string, limit: number): Promise<readonly AuditEntry[]>
  /** Puts entries into the chain, once and for ever. */
  seal(organizationId: string, seals: ReadonlyArray<Seal & { id: string }>): Promise<void>
  countUnsealed(organizationId: string): Promise<number>
  /** The chain from its beginning, in order. */
  listSealed(query: { organizationId: string; afterSeq: number; limit: number }): Promise<readonly SealedEntry[]>
  /** The head of every chain, by organisation. */
  listHeads(query: { after: string; limit: number }): Promise<ReadonlyArray<ChainHead & { organizationId: string }>>
}
