import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { enterOrganization } from './standing.ts'

type Deps = { database: Database; clock: Clock }

/**
 * Deletes an organisation: from this moment nobody can enter it, no key of it works, and its projects are there no longer. Bytes and rows
 * go in the background.
 */
export function deleteOrganization(deps: Deps, ctx: Context, input: { organizationId: string }): Promise<void> {
  const { organizationId } = input
  return deps.database.transaction(async tx => {
    await enterOrganization(tx, ctx, { organizationId, action: 'organization.own', lock: true })
    const at = deps.clock.now()
    await noteChange(tx, ctx, {
      event: 'organization.deleted',
      detail: 'The organisation was deleted.',
      at,
      organizationId,
    })
    for (const project of await tx.projects.list(organizationId, null)) await tx.projects.markDeleted(project.id, at)
    await tx.organizations.markDeleted(organizationId, at)
    await tx.jobs.enqueue(
      'organization.remove',
      { organizationId, requestId: ctx.requestId },
      { key: `organization.remove:${organizationId}` },
    )
  })
}
