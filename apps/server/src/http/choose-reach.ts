import { type Context, findProject } from '@calotype/core'
import type { Deps } from '../deps.ts'

/** The project that a body names, or the caller's default one; null where it says that it means the whole organisation. */
export async function chooseReach(
  { database }: Pick<Deps, 'database'>,
  ctx: Context,
  { project_id, scope }: { project_id?: string | undefined; scope: 'project' | 'organization' },
): Promise<string | null> {
  if (scope === 'organization') return null
  if (project_id !== undefined) return project_id
  return (await findProject(database, ctx, { projectId: null, action: 'project.manage' })).id
}
