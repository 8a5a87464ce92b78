import { ImageList, ListQuery } from '@calotype/contract'
import { DEFAULT_SIMILAR_DISTANCE, findSimilar, listImages as list } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { actorOf, contextOf } from '../authentication.ts'
import { presentImage } from '../present-image.ts'
import { withProblems } from '../route-schema.ts'

/** `attributes[floor]=3`: names are the caller's own, so that no schema can list them. */
function attributesOf(url: string): Record<string, string> {
  const { searchParams } = new URL(url, 'http://calotype')
  const named = [...searchParams].flatMap(([name, value]) => {
    const key = /^attributes\[(.+)\]$/.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })
  return Object.fromEntries(named)
}

/** `GET /images`: a project's images, newest first. */
export function listImages(app: App, deps: Deps): void {
  const schema = {
    summary: 'List images',
    description: 'Attributes of the first level filter, too, up to five: `attributes[floor]=3`.',
    tags: ['images'],
    'x-permission': 'image.read' as const,
    querystring: ListQuery,
    response: withProblems({ 200: ImageList }, [400]),
  }
  app.get('/images', { schema }, async request => {
    const { query } = request
    const to = { actor: actorOf(request), uriPrefix: deps.blobs.uriPrefix }
    if (query.similar_to !== undefined) {
      const found = await findSimilar(deps, contextOf(request), {
        ...{ imageId: query.similar_to, projectId: query.project_id ?? null, limit: query.limit },
        distance: query.distance ?? DEFAULT_SIMILAR_DISTANCE,
      })
      return { items: found.map(image => presentImage(image, to)), next_cursor: null }
    }
    const { items, nextCursor } = await list(deps, contextOf(request), {
      projectId: query.project_id ?? null,
      status: query.status ?? null,
      contentType: query.type ?? null,
      camera: query.camera ?? null,
      reference: query.reference ?? null,
      attributes: attributesOf(request.url),
      from: query.from ? new Date(query.from) : null,
      to: query.to ? new Date(query.to) : null,
      search: query.q ?? null,
      cursor: query.cursor ?? null,
      limit: query.limit,
    })
    return { items: items.map(image => presentImage(image, to)), next_cursor: nextCursor }
  })
}
