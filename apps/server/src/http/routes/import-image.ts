import { Image, ImportRequest } from '@calotype/contract'
import { importImage as start } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `POST /images/import`: an image whose bytes this server fetches from a URL. */
export function importImage(app: App, deps: Deps): void {
  const schema = {
    summary: 'Import an image from a URL',
    description:
      'It is `pending_upload` until its bytes are there; then it goes on as an upload does. A server that is away is tried again for a day, what it refuses at once: `import_failed`.',
    tags: ['images'],
    'x-permission': 'image.write' as const,
    body: ImportRequest,
    response: withProblems({ 202: Image }, [400, 403, 409, 422, 429]),
  }
  // Each one lets this server call others: as many as upload URLs.
  const config = { rateLimit: 'upload-urls' as const, idempotent: true as const }
  app.post('/images/import', { config, schema }, async (request, reply) => {
    const { url, project_id, detection_types, priority, alt, reference, attributes } = request.body
    const image = await start(deps, contextOf(request), {
      ...{ url, projectId: project_id ?? null, detectionTypes: detection_types ?? null, priority: priority ?? null },
      ...{ alt, reference, attributes },
    })
    request.imageId = image.id
    request.projectId = image.projectId
    return reply.code(202).send(presentImage(image, { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }))
  })
}
