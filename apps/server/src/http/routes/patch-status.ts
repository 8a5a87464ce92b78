import { Image, ImageIdParams, StatusPatch } from '@calotype/contract'
import { completeUpload, reportAnalysis } from '@calotype/core'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `PATCH /images/{id}/status`: the pipeline says how far it is, or the uploader that the bytes are there. */
export function patchStatus(app: App, deps: Deps): void {
  const schema = {
    summary: 'Report the analysis of an image',
    description:
      'For a service key with the scope `analysis.write`: `queued` → `processing`, `completed` or `failed`; `processing` → `completed` or `failed`. The same report again changes nothing; any other move is 409. `{"status": "uploaded"}` is `complete` and needs `image.write`.',
    tags: ['pipeline'],
    'x-permission': 'analysis.write' as const,
    params: ImageIdParams,
    body: StatusPatch,
    response: withProblems({ 200: Image }, [400, 403, 409, 410, 422]),
  }
  app.patch('/images/:id/status', { schema }, async request => {
    request.imageId = request.params.id
    const image = await change(deps, request, request.params.id, request.body)
    request.projectId = image.projectId
    return presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix })
  })
}

async function change(deps: Deps, request: FastifyRequest, imageId: string, body: z.infer<typeof StatusPatch>) {
  const ctx = contextOf(request)
  if ('status' in body) return (await completeUpload(deps, ctx, { imageId, sha256: null })).image
  return reportAnalysis(deps, ctx, { imageId, status: body.analysis_status, result: body.result ?? null })
}
