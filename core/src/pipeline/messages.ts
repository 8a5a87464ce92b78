import {
  type Actor,
  authorize,
  authorizeEverywhere,
  forbidden,
  may,
  notFound,
  type Page,
  type PageInput,
  readPage,
} from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { imageConflict, moveAnalysis, RELAY_KEY } from '../images/index.ts'
import type { MessageStatus, PipelineMessage } from './pipeline-store.ts'

type Deps = { database: Database; clock: Clock }

/** Who manages projects sees what waits, and so does a pipeline, which may have no other way to its messages. */
function authorizeReading(actor: Actor, projectId: string | null): void {
  if (projectId === null) {
    const reports = actor.kind === 'service' && actor.scopes?.includes('analysis.write')
    if (!reports) authorizeEverywhere(actor, 'project.manage')
  } else {
    if (actor.projectIds !== null && !actor.projectIds.includes(projectId)) throw notFound()
    if (!may(actor, projectId, 'project.manage') && !may(actor, projectId, 'analysis.write'))
      throw forbidden('project.manage')
  }
}

/** A page of messages of the projects that the caller reaches, newest first. */
export async function listMessages(
  deps: Pick<Deps, 'database'>,
  ctx: Context,
  input: PageInput & { projectId: string | null; status: MessageStatus | null },
): Promise<Page<PipelineMessage>> {
  const { actor } = ctx
  const { organizationId } = actor
  const { projectId, status } = input
  if (projectId !== null && !(await deps.database.projects.find(organizationId, projectId))) throw notFound()
  authorizeReading(actor, projectId)
  const projectIds = projectId === null ? actor.projectIds : [projectId]
  return readPage(input, page => deps.database.pipeline.list({ organizationId, projectIds, status, ...page }))
}

/**
 * Sends a message again, whatever came of it, and its image's analysis begins anew. Rejects with `invalid_transition` when the image is
 * deleted.
 */
export async function resendMessage(deps: Deps, ctx: Context, input: { messageId: string }): Promise<PipelineMessage> {
  return deps.database.transaction(async tx => {
    const message = await tx.pipeline.find(ctx.actor.organizationId, input.messageId)
    if (!message) throw notFound()
    const { id, projectId, imageId } = message
    authorize(ctx.actor, projectId, 'project.manage')
    const at = deps.clock.now()
    const image = await tx.images.load(projectId, imageId, { lock: true })
    if (!image) throw notFound()
    if (image.analysis.status !== 'queued' && !(await moveAnalysis(tx, image, 'queued', { at }))) throw imageConflict()
    const requeued = await tx.pipeline.requeue({ projectId, id }, at)
    if (!requeued) throw notFound()
    await tx.jobs.enqueue('pipeline.relay', { requestId: ctx.requestId }, { key: RELAY_KEY })
    return requeued
  })
}
