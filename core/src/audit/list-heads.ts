import type { Database } from '../database.ts'
import type { ChainHead } from './audit-entry.ts'

/** Heads read at a time. */
export const HEAD_PAGE = 500

/** Where each organisation's chain ends, for the job `audit.heads`. */
export async function* listAuditHeads(deps: {
  database: Pick<Database, 'audit'>
}): AsyncGenerator<ChainHead & { organizationId: string }> {
  for (let after = ''; ; ) {
    const page = await deps.database.audit.listHeads({ after, limit: HEAD_PAGE })
    yield* page
    if (page.length < HEAD_PAGE) return
    after = page.at(-1)?.organizationId ?? after
  }
}
