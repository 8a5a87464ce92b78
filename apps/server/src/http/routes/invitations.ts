import {
  ImageIdParams,
  InvitationList,
  InvitationParams,
  InvitationPreview,
  InvitationRequest,
  InvitationToken,
  NewInvitation,
  Organization,
  PageQuery,
} from '@calotype/contract'
import {
  acceptInvitation,
  createdId,
  getInvitation,
  inviteMember,
  listInvitations,
  previewInvitation,
  revokeInvitation,
  runOnce,
} from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf, personOf } from '../authentication.ts'
import { presentInvitation, presentOrganization } from '../present-access.ts'
import { withProblems } from '../route-schema.ts'

const permission = { tags: ['access'], 'x-permission': 'access.manage' as const }

/** `/organizations/{id}/invitations`, and the two calls for who holds an invitation. */
export function invitations(app: App, deps: Deps): void {
  manageInvitations(app, deps)
  answerInvitations(app, deps)
}

function manageInvitations(app: App, deps: Deps): void {
  const createSchema = {
    ...permission,
    summary: 'Invite somebody by e-mail',
    description: 'Good for 7 days and one use, for the account with this address. One that waits already is replaced.',
    params: ImageIdParams,
    body: InvitationRequest,
    response: withProblems({ 201: NewInvitation }, [400, 403, 409]),
  }
  app.post(
    '/organizations/:id/invitations',
    { config: { idempotent: true }, schema: createSchema },
    async (request, reply) => {
      const input = { organizationId: request.params.id, ...request.body }
      const ctx = contextOf(request)
      const { organizationId } = input
      const { invitation, acceptUrl } = await runOnce(deps, ctx, input, {
        run: once => inviteMember(deps, once, input),
        repeat: async made => ({
          invitation: await getInvitation(deps, ctx, { organizationId, invitationId: createdId(made) }),
          acceptUrl: null,
        }),
      })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({
          ...presentInvitation(invitation, deps.clock.now()),
          ...(acceptUrl === null ? {} : { accept_url: acceptUrl }),
        })
    },
  )

  const listSchema = {
    ...permission,
    summary: 'List invitations',
    description: 'Newest first, those that were answered, revoked or have expired included.',
    params: ImageIdParams,
    querystring: PageQuery,
    response: withProblems({ 200: InvitationList }, [400, 403]),
  }
  app.get('/organizations/:id/invitations', { schema: listSchema }, async request => {
    const { cursor, limit } = request.query
    const input = { organizationId: request.params.id, cursor: cursor ?? null, limit }
    const page = await listInvitations(deps, contextOf(request), input)
    const now = deps.clock.now()
    return { items: page.items.map(invitation => presentInvitation(invitation, now)), next_cursor: page.nextCursor }
  })

  const revokeSchema = {
    ...permission,
    summary: 'Revoke an invitation',
    description: 'One that was answered stays as it is. Again: 204.',
    params: InvitationParams,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Revoked' }) }, [400, 403]),
  }
  app.delete('/organizations/:id/invitations/:invitation_id', { schema: revokeSchema }, async (request, reply) => {
    const { id: organizationId, invitation_id: invitationId } = request.params
    await revokeInvitation(deps, contextOf(request), { organizationId, invitationId })
    return reply.code(204).send(undefined)
  })
}

function answerInvitations(app: App, deps: Deps): void {
  const previewSchema = {
    summary: 'What an invitation is for',
    tags: ['access'],
    security: [],
    body: InvitationToken,
    response: withProblems({ 200: InvitationPreview }, [400, 410]),
  }
  app.post('/invitations/preview', { config: { open: true }, schema: previewSchema }, async (request, reply) => {
    const { invitation, organization } = await previewInvitation(deps, request.body)
    return reply.header('cache-control', 'no-store').send({
      organization_name: organization.name,
      email: invitation.email,
      role: invitation.role,
      expires_at: invitation.expiresAt.toISOString(),
    })
  })

  const acceptSchema = {
    summary: 'Accept an invitation',
    description: 'Only for the account with the invited address. Who is a member already keeps the higher role.',
    tags: ['access'],
    body: InvitationToken,
    response: withProblems({ 200: Organization }, [400, 403, 409, 410]),
  }
  app.post('/invitations/accept', { config: { person: true }, schema: acceptSchema }, async request => {
    const by = personOf(request)
    const { organization, role } = await acceptInvitation(deps, by, request.body)
    deps.credentialCache.forget(by.userId)
    return presentOrganization(organization, role)
  })
}
