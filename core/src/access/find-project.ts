import type { Context } from '../context.ts'
import { authorize } from './authorize.ts'
import { notFound } from './errors.ts'
import type { Action } from './permissions.ts'
import type { Project, ProjectStore } from './project.ts'

/** The named project, or the caller's default one, if the caller may do this in it. */
export async function findProject(
  deps: { projects: ProjectStore },
  ctx: Context,
  input: { projectId: string | null; action: Action },
): Promise<Project> {
  const { organizationId, projectIds } = ctx.actor
  const project = input.projectId
    ? await deps.projects.find(organizationId, input.projectId)
    : await deps.projects.findDefault(organizationId, projectIds)
  if (!project) throw notFound()
  authorize(ctx.actor, project.id, input.action)
  return project
}
