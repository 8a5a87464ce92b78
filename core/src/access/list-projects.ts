import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { actionsOf } from './authorize.ts'
import { forbidden } from './errors.ts'
import { type Page, type PageInput, readPage } from './page.ts'
import type { Project } from './project.ts'

/** The projects that the caller's credential reaches, newest first. */
export async function listProjects(
  deps: { database: Pick<Database, 'projects'> },
  ctx: Context,
  input: PageInput,
): Promise<Page<Project>> {
  if (!actionsOf(ctx.actor).includes('image.read')) throw forbidden('image.read')
  const { organizationId, projectIds } = ctx.actor
  return readPage(input, query => deps.database.projects.listPage({ ...query, organizationId, projectIds }))
}
