import { Id, SignedCookies } from '@calotype/contract'
import { signCookies as sign } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `GET /projects/{id}/signed-cookies`: one signature for a whole gallery. */
export function signCookies(app: App, deps: Deps): void {
  const schema = {
    summary: 'Get cookies that open all variants of a project at the CDN',
    description:
      'Set them, `Secure` and `HttpOnly`, for a domain that your pages and the distribution share; they open private variants until `expires_at`. `cookies` is empty for a public project, and null where the server delivers by itself: sign URLs there.',
    tags: ['delivery'],
    'x-permission': 'image.read' as const,
    params: z.object({ id: Id }),
    response: withProblems({ 200: SignedCookies }, [400]),
  }
  app.get('/projects/:id/signed-cookies', { schema }, async (request, reply) => {
    const { projectId, expiresAt, cookies } = await sign(deps, contextOf(request), { projectId: request.params.id })
    request.projectId = projectId
    reply.header('cache-control', 'no-store')
    return { project_id: projectId, expires_at: expiresAt.toISOString(), cookies: cookies && { ...cookies } }
  })
}
