import { ImageIdParams, Member, MemberChange, MemberList, MemberParams, PageQuery } from '@calotype/contract'
import { changeMember, listMembers, removeMember } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentMember } from '../present-access.ts'
import { withProblems } from '../route-schema.ts'

const permission = { tags: ['access'], 'x-permission': 'access.manage' as const }

/** `/organizations/{id}/members`. */
export function members(app: App, deps: Deps): void {
  const listSchema = {
    ...permission,
    summary: 'List members',
    description: 'Who joined last comes first.',
    params: ImageIdParams,
    querystring: PageQuery,
    response: withProblems({ 200: MemberList }, [400, 403]),
  }
  app.get('/organizations/:id/members', { schema: listSchema }, async request => {
    const { cursor, limit } = request.query
    const input = { organizationId: request.params.id, cursor: cursor ?? null, limit }
    const page = await listMembers(deps, contextOf(request), input)
    return { items: page.items.map(presentMember), next_cursor: page.nextCursor }
  })

  const changeSchema = {
    ...permission,
    summary: 'Give a member another role',
    description: 'Only owners make, change and remove owners, and one always stays.',
    params: MemberParams,
    body: MemberChange,
    response: withProblems({ 200: Member }, [400, 403, 409]),
  }
  app.patch('/organizations/:id/members/:user_id', { schema: changeSchema }, async request => {
    const { id: organizationId, user_id: userId } = request.params
    const input = { organizationId, userId, role: request.body.role }
    const member = await changeMember(deps, contextOf(request), input)
    deps.credentialCache.forget(userId)
    return presentMember(member)
  })

  const removeSchema = {
    ...permission,
    summary: 'Remove a member, or leave',
    description: 'With your own id you leave, whatever your role. The last owner cannot.',
    params: MemberParams,
    response: withProblems({ 204: z.null().optional().meta({ description: 'Removed' }) }, [400, 403, 409]),
  }
  app.delete('/organizations/:id/members/:user_id', { schema: removeSchema }, async (request, reply) => {
    const { id: organizationId, user_id: userId } = request.params
    await removeMember(deps, contextOf(request), { organizationId, userId })
    deps.credentialCache.forget(userId)
    return reply.code(204).send(undefined)
  })
}
