import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { noteChange } from '../security/index.ts'
import { applySettings, type SettingsChange } from './check-settings.ts'
import { nameTaken, notFound, projectNotEmpty } from './errors.ts'
import { findProject } from './find-project.ts'
import type { Project } from './project.ts'

type Deps = {
  database: Database
  clock: Clock
  maxUploadBytes: number
  /** What follows new variants, in the same transaction. */
  onNewVariants?: (tx: Stores, ctx: Context, project: Project) => Promise<void>
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
    // The organisation keeps names apart; the project keeps images out while its visibility is looked at.
    await tx.organizations.lock(ctx.actor.organizationId)
    const project = await tx.projects.lock(projectId)
    if (!project) throw notFound()
    const settings = applySettings(project.settings, input.settings, deps)
    const name = input.name ?? project.name
    if (name !== project.name && (await tx.projects.findByName(project.organizationId, name))) throw nameTaken(name)
    if (settings.visibility !== project.settings.visibility) await requireEmpty(tx, projectId)
    await tx.projects.change(projectId, { name, settings })
    if (JSON.stringify(settings.variants) !== JSON.stringify(project.settings.variants))
      await deps.onNewVariants?.(tx, ctx, { ...project, name, settings })
    const fields = [...(input.name === undefined ? [] : ['name']), ...Object.keys(input.settings)]
    const detail = `Project ${projectId} was changed: ${fields.join(', ') || 'nothing'}.`
    await noteChange(tx, ctx, { event: 'project.changed', detail, at: deps.clock.now(), projectId })
    return { ...project, name, settings }
  })
}

async function requireEmpty(tx: Pick<Stores, 'images'>, projectId: string): Promise<void> {
  if (await tx.images.findAny(projectId)) throw projectNotEmpty()
}
