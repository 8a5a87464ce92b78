import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { lastProject, notFound } from './errors.ts'
import { findProject } from './find-project.ts'

type Deps = { database: Database; clock: Clock }

/** Deletes a project: from this moment it is there no longer for anybody. Its bytes and rows go in the background. */
export function deleteProject(deps: Deps, ctx: Context, input: { projectId: string }): Promise<void> {
  const { projectId } = input
  const { organizationId } = ctx.actor
  return deps.database.transaction(async tx => {
    await findProject(tx, ctx, { projectId, action: 'project.manage' })
    await tx.organizations.lock(organizationId)
    if (!(await tx.projects.lock(projectId))) throw notFound()
    if ((await tx.projects.findCount(organizationId)) < 2) throw lastProject()
    const at = deps.clock.now()
    await tx.projects.markDeleted(projectId, at)
    await tx.jobs.enqueue(
      'project.remove',
      { projectId, requestId: ctx.requestId },
      { key: `project.remove:${projectId}` },
    )
    await noteChange(tx, ctx, { event: 'project.deleted', detail: `Project ${projectId} was deleted.`, at, projectId })
  })
}
