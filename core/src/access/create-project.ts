import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { noteChange } from '../security/index.ts'
import { applySettings, type SettingsChange } from './check-settings.ts'
import { limitReached, nameTaken } from './errors.ts'
import { defaultProjectSettings } from './install.ts'
import { MAX_PROJECTS_PER_ORGANIZATION } from './limits.ts'
import type { Project } from './project.ts'
import { enterOrganization } from './standing.ts'

type Deps = { database: Database; clock: Clock; maxUploadBytes: number }

/** Makes a project in the organisation that the caller works in. What is not named is as in every new project. */
export function createProject(
  deps: Deps,
  ctx: Context,
  input: { name: string; settings: SettingsChange },
): Promise<Project> {
  const { organizationId } = ctx.actor
  return deps.database.transaction(async tx => {
    await enterOrganization(tx, ctx, { organizationId, action: 'project.manage', lock: true })
    const settings = applySettings(defaultProjectSettings(deps.maxUploadBytes), input.settings, deps)
    if (await tx.projects.findByName(organizationId, input.name)) throw nameTaken(input.name)
    if ((await tx.projects.findCount(organizationId)) >= MAX_PROJECTS_PER_ORGANIZATION)
      throw limitReached('projects of one organisation', MAX_PROJECTS_PER_ORGANIZATION)
    const createdAt = deps.clock.now()
    const project = { id: newId(), organizationId, name: input.name, settings, createdAt }
    await tx.projects.add(project)
    const detail = `Project ${project.id} was made.`
    await noteChange(tx, ctx, { event: 'project.created', detail, at: createdAt, projectId: project.id })
    await settleOnce(tx, ctx, { id: project.id })
    return project
  })
}
