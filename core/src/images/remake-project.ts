import { z } from 'zod'
import { authorize, findProject, notFound, type Project } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database, Stores } from '../database.ts'
import { runOnce, settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { remakeHides, remakeTransition, remakeUnderWay, tooManyToRemake } from './remake-errors.ts'
import { enqueueAdvance } from './remake-progress.ts'
import type { RemakeRun, RemakeState } from './remake-store.ts'

/** Images that one run may name; without names it is the whole project. */
export const MAX_NAMED_REMAKES = 1_000

type Deps = { database: Database; clock: Clock }

/** What was settled under an Idempotency-Key. */
const Settled = z.object({ runId: z.string() })

/** `POST /reprocess`: remakes the variants of ready images in the background; `reprocess_under_way` while another run does. */
export async function remakeProject(
  deps: Deps,
  ctx: Context,
  input: { projectId: string | null; imageIds: readonly string[] | null },
): Promise<RemakeRun> {
  const named = input.imageIds?.length ?? 1
  if (named < 1 || named > MAX_NAMED_REMAKES) throw tooManyToRemake(MAX_NAMED_REMAKES, named)
  const { projectId, imageIds } = input
  return runOnce(deps, ctx, input, {
    run: once =>
      deps.database.transaction(async tx => {
        const { id } = await findProject(tx, once, { projectId, action: 'project.manage' })
        const project = await tx.projects.lock(id)
        if (!project) throw notFound()
        if (await tx.remakes.findActive(project.id)) throw remakeUnderWay()
        const run = await start(deps, tx, once, project, imageIds)
        await settleOnce(tx, once, { runId: run.id })
        return run
      }),
    repeat: result => findRemake(deps, ctx, { runId: Settled.parse(result).runId }),
  })
}

/**
 * What follows new variants of a project, in the transaction that changed them: a run over all of its images instead of one that makes
 * what nobody wants any more. The project's row is held by the caller.
 */
export async function remakeAfterChange(
  deps: Pick<Deps, 'clock'>,
  tx: Stores,
  ctx: Context,
  project: Project,
): Promise<void> {
  const active = await tx.remakes.findActive(project.id)
  if (active) await tx.remakes.setState(project.id, active.id, 'cancelled', deps.clock.now())
  await start(deps, tx, ctx, project, null)
}

async function start(
  { clock }: Pick<Deps, 'clock'>,
  tx: Stores,
  ctx: Context,
  project: Project,
  imageIds: readonly string[] | null,
): Promise<RemakeRun> {
  const at = clock.now()
  const run = await tx.remakes.start({ id: newId(), projectId: project.id }, imageIds, at)
  if (run.total > 0) {
    await enqueueAdvance(tx, run, ctx.requestId)
    return run
  }
  await tx.remakes.setState(project.id, run.id, 'completed', at)
  return { ...run, state: 'completed', finishedAt: at }
}

/** `GET /reprocess/{id}`. */
export async function findRemake(
  { database }: Pick<Deps, 'database'>,
  ctx: Context,
  { runId }: { runId: string },
): Promise<RemakeRun> {
  const run = await database.remakes.find(ctx.actor.organizationId, runId)
  if (!run) throw notFound()
  authorize(ctx.actor, run.projectId, 'project.manage')
  return run
}

const STATES: Record<'pause' | 'resume' | 'cancel', { from: readonly RemakeState[]; to: RemakeState }> = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['running', 'paused'], to: 'cancelled' },
}

/**
 * Pauses, resumes or cancels a run; again answers the same. Images that an attempt is working on are finished when it is paused, and keep
 * what they had when it is cancelled. What is still public of a private project is not left so: then `cancel` rejects with
 * `invalid_transition`.
 */
export async function steerRemake(
  deps: Deps,
  ctx: Context,
  input: { runId: string; action: keyof typeof STATES },
): Promise<RemakeRun> {
  const { projectId, id } = await findRemake(deps, ctx, input)
  return deps.database.transaction(async tx => {
    const run = await tx.remakes.lock(projectId, id)
    if (!run) throw notFound()
    const { from, to } = STATES[input.action]
    if (run.state === to) return run
    if (!from.includes(run.state)) throw remakeTransition(run.state, to)
    if (to === 'cancelled' && (await isHiding(tx, projectId))) throw remakeHides(run.state)
    const finishedAt = to === 'cancelled' ? deps.clock.now() : null
    await tx.remakes.setState(projectId, id, to, finishedAt)
    if (to === 'running') await enqueueAdvance(tx, run, ctx.requestId)
    return { ...run, state: to, finishedAt }
  })
}

async function isHiding(tx: Pick<Stores, 'projects' | 'remakes'>, projectId: string): Promise<boolean> {
  const project = await tx.projects.load(projectId)
  return project?.settings.visibility === 'private' && (await tx.remakes.hasPublicFiles(projectId))
}
