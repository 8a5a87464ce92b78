import { createHash } from 'node:crypto'
import type { AuditEntry, ChainHead, Seal } from './audit-entry.ts'

/** The hash before the first entry. */
export const NO_HASH = '0'.repeat(64)

/** Names the encoding: another one would have another number. */
const ENCODING = 'calotype-audit-1'

/**
 * What is hashed of an entry: a JSON array of these values in this order, without spaces, as `JSON.stringify` of ECMAScript writes it,
 * in UTF-8. Times are RFC 3339 in UTC with milliseconds. docs/audit.md tells it to those who check a chain with programs of their own.
 */
export const encodeEntry = (entry: AuditEntry, at: Pick<Seal, 'seq' | 'prevHash'>): string =>
  JSON.stringify([
    ENCODING,
    at.seq,
    at.prevHash,
    entry.organizationId,
    entry.id,
    entry.at.toISOString(),
    entry.action,
    entry.actor.kind,
    entry.actor.id,
    entry.projectId,
    entry.subject,
    entry.detail,
    entry.ip,
    entry.requestId,
  ])

/** SHA-256 of the encoded entry, lower-case hex. */
export const hashEntry = (entry: AuditEntry, at: Pick<Seal, 'seq' | 'prevHash'>): string =>
  createHash('sha256').update(encodeEntry(entry, at)).digest('hex')

/** The seals of entries that come after `head`, in their order. */
export function sealsAfter(head: ChainHead, entries: readonly AuditEntry[]): Array<Seal & { id: string }> {
  let { seq, hash } = head
  return entries.map(entry => {
    const at = { seq: seq + 1, prevHash: hash }
    seq = at.seq
    hash = hashEntry(entry, at)
    return { id: entry.id, ...at, hash }
  })
}
