import { ImageExplanation, ImageIdParams } from '@calotype/contract'
import { explainImage as explain } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `GET /images/{id}/explain`: what happened to an image and what happens next, in words. */
export function explainImage(app: App, deps: Deps): void {
  const schema = {
    summary: 'Explain an image',
    tags: ['images'],
    'x-permission': 'image.read' as const,
    params: ImageIdParams,
    response: withProblems({ 200: ImageExplanation }, [400]),
  }
  app.get('/images/:id/explain', { schema }, async request => {
    request.imageId = request.params.id
    const { summary, steps, waitingFor, nextRetryAt } = await explain(deps, contextOf(request), {
      imageId: request.params.id,
    })
    return {
      summary,
      steps: steps.map(({ at, what, detail }) => ({ at: at.toISOString(), what, detail })),
      waiting_for: waitingFor,
      next_retry_at: nextRetryAt?.toISOString() ?? null,
    }
  })
}
