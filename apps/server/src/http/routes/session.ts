import { SessionRequest } from '@calotype/contract'
import { redeemSignInLink, signOut } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { SESSION_COOKIE } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

const Empty = z.null().optional().meta({ description: 'No content' })

/** `POST` and `DELETE /session` for the console. */
export function session(app: App, deps: Deps): void {
  const { credentials } = deps.database
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict' as const, secure: deps.publicUrl.startsWith('https:') }
  const redeemSchema = {
    summary: 'Redeem a one-time sign-in link',
    tags: ['access'],
    security: [],
    body: SessionRequest,
    response: withProblems({ 204: Empty }, [400]),
  }
  app.post('/session', { config: { open: true }, schema: redeemSchema }, async (request, reply) => {
    const {
      session: secret,
      expiresAt,
      actor,
    } = await redeemSignInLink({ credentials, clock: deps.clock }, { token: request.body.token })
    deps.security.record({
      ...{ event: 'sign_in.succeeded', actor: { kind: actor.kind, id: actor.id }, code: null, projectId: null },
      ...{ organizationId: actor.organizationId, ip: request.ip, requestId: request.id },
      detail: 'Signed in with the one-time link.',
    })
    return reply
      .setCookie(SESSION_COOKIE, secret, { ...cookie, expires: expiresAt })
      .code(204)
      .send(undefined)
  })

  const endSchema = { summary: 'Sign out', tags: ['access'], response: withProblems({ 204: Empty }) }
  app.delete('/session', { schema: endSchema }, async (request, reply) => {
    const secret = request.cookies[SESSION_COOKIE]
    if (secret) await signOut({ credentials, clock: deps.clock }, { session: secret })
    return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send(undefined)
  })
}
