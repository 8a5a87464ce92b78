import type { Database } from '../database.ts'
import { sealsAfter } from './audit-chain.ts'

/** Organisations of one run; the next one goes on. */
export const SEAL_ORGANIZATIONS = 1_000
/** Entries of one transaction. */
export const SEAL_BATCH = 500

/**
 * The job `audit.seal`: puts what was written since into each organisation's chain. Two at a time wait for each other, and a kill at any
 * line leaves entries for the next run. Resolves with how many were sealed.
 */
export async function sealAudit(deps: { database: Pick<Database, 'audit' | 'transaction'> }): Promise<number> {
  let sealed = 0
  for (const organizationId of await deps.database.audit.findUnsealed(SEAL_ORGANIZATIONS)) {
    for (;;) {
      const count = await sealBatch(deps.database, organizationId)
      sealed += count
      if (count < SEAL_BATCH) break
    }
  }
  return sealed
}

const sealBatch = (database: Pick<Database, 'transaction'>, organizationId: string): Promise<number> =>
  database.transaction(async tx => {
    const head = await tx.audit.lockHead(organizationId)
    const entries = await tx.audit.listUnsealed(organizationId, SEAL_BATCH)
    if (entries.length > 0) await tx.audit.seal(organizationId, sealsAfter(head, entries))
    return entries.length
  })
