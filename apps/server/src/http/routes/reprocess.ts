import { ImageIdParams, ReprocessRequest, ReprocessRun } from '@calotype/contract'
import { findRemake, type RemakeRun, remakeProject, steerRemake } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const manage = { tags: ['projects'], 'x-permission': 'project.manage' as const }

const ACTIONS = {
  pause: { summary: 'Pause a run', description: 'Images that are being worked on are finished.' },
  resume: { summary: 'Let a paused run go on', description: 'It goes on with the images that are left.' },
  cancel: {
    summary: 'Cancel a run',
    description:
      'Images that were not reached keep the variants that they have. Refused while files of a private project are still public.',
  },
} as const

/** `/reprocess`: remakes the variants of images in the background; what is there is served until the new ones are. */
export function reprocess(app: App, deps: Deps): void {
  const startSchema = {
    ...manage,
    summary: 'Remake the variants of a project',
    description:
      'Of ready images, in the background, one run for each project at a time. Changing the variants of a project starts a run by itself. Images whose original is no longer kept count as failed with `original_gone`.',
    body: ReprocessRequest,
    response: withProblems({ 202: ReprocessRun }, [400, 403, 409]),
  }
  app.post('/reprocess', { config: { idempotent: true }, schema: startSchema }, async (request, reply) => {
    const { project_id, image_ids } = request.body
    const input = { projectId: project_id ?? null, imageIds: image_ids ?? null }
    const run = await remakeProject(deps, contextOf(request), input)
    request.projectId = run.projectId
    return reply.code(202).send(present(run))
  })

  const getSchema = {
    ...manage,
    summary: 'Get a run with its progress',
    params: ImageIdParams,
    response: withProblems({ 200: ReprocessRun }, [400, 403]),
  }
  app.get('/reprocess/:id', { schema: getSchema }, async request =>
    present(await findRemake(deps, contextOf(request), { runId: request.params.id })),
  )
  for (const action of ['pause', 'resume', 'cancel'] as const) {
    const response = withProblems({ 200: ReprocessRun }, [400, 403, 409])
    const schema = { ...manage, ...ACTIONS[action], params: ImageIdParams, response }
    app.post(`/reprocess/:id/${action}`, { schema }, async request =>
      present(await steerRemake(deps, contextOf(request), { runId: request.params.id, action })),
    )
  }
}

const present = (run: RemakeRun): ReprocessRun => ({
  ...{ id: run.id, project_id: run.projectId, state: run.state },
  ...{ total: run.total, done: run.done, failed: run.failed, skipped: run.skipped },
  failures: run.failures.map(({ code, count }) => ({ code, count })),
  started_at: run.startedAt.toISOString(),
  finished_at: run.finishedAt?.toISOString() ?? null,
})
