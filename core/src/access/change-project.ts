import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { applySettings, type SettingsChange } from './check-settings.ts'
import { nameTaken, notFound } from './errors.ts'
import { findProject } from './find-project.ts'
import type { Project, ProjectSettings } from './project.ts'

type Deps = {
  database: Database
  clock: Clock
  maxUploadBytes: number
  /** What follows new variants or another visibility, in the same transaction: it remakes or moves the files of all images. */
  remake?: (tx: Stores, ctx: Context, project: Project) => Promise<void>
}

/** Changes a project. New settings hold for whatever is uploaded or processed from then on. */
export function changeProject(
  deps: Deps,
  ctx: Context,
  input: { projectId: string; name?: string; settings: SettingsChange },
): Promise<Project> {
  const { projectId } = input
  return deps.database.transaction(async tx => {
    await findProject(tx, ctx, { projectId, action: 'project.manage' })
    // The organisation keeps names apart; results that were begun under the old settings wait for the project's row.
    await tx.organizations.lock(ctx.actor.organizationId)
    const project = await tx.projects.lock(projectId)
    if (!project) throw notFound()
    const settings = applySettings(project.settings, input.settings, deps)
    const name = input.name ?? project.name
    if (name !== project.name && (await tx.projects.findByName(project.organizationId, name))) throw nameTaken(name)
    await tx.projects.change(projectId, { name, settings })
    if (hasOtherFiles(settings, project.settings)) await deps.remake?.(tx, ctx, { ...project, name, settings })
    const fields = [...(input.name === undefined ? [] : ['name']), ...Object.keys(input.settings)]
    const detail = `Project ${projectId} was changed: ${fields.join(', ') || 'nothing'}.`
    await noteChange(tx, ctx, { event: 'project.changed', detail, at: deps.clock.now(), projectId })
    return { ...project, name, settings }
  })
}

const hasOtherFiles = (settings: ProjectSettings, before: ProjectSettings): boolean =>
  settings.visibility !== before.visibility || JSON.stringify(settings.variants) !== JSON.stringify(before.variants)
