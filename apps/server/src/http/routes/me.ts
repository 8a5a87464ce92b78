import { Me, SessionOrganization } from '@calotype/contract'
import { actionsOf, getOrganization, personNeeded, switchOrganization } from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentOrganization, presentProject } from '../present-access.ts'
import { withProblems } from '../route-schema.ts'

/** `GET /me`, and `PUT /session/organization` for people who belong to several. */
export function me(app: App, deps: Deps): void {
  const schema = { summary: 'Who am I', tags: ['access'], response: withProblems({ 200: Me }) }
  app.get('/me', { schema }, async request => {
    const ctx = contextOf(request)
    const { actor } = ctx
    const { organizationId } = actor
    const { memberships, projects } = deps.database
    const [{ organization, role }, person, project] = await Promise.all([
      getOrganization(deps, ctx, { organizationId }),
      actor.kind === 'user' ? memberships.findPerson(actor.id) : null,
      projects.findDefault(organizationId, actor.projectIds),
    ])
    return {
      kind: actor.kind,
      id: actor.id,
      organization_id: organizationId,
      role,
      user: person,
      organization: presentOrganization(organization, role),
      actions: [...actionsOf({ ...actor, role })],
      default_project: project ? presentProject(project) : null,
    }
  })

  const switchSchema = {
    summary: 'Work in another of your organisations',
    description: 'Only for people who are signed in with a cookie: keys and tokens belong to one organisation.',
    tags: ['access'],
    body: SessionOrganization,
    response: withProblems({ 204: z.null().optional().meta({ description: 'No content' }) }, [400, 403]),
  }
  app.put('/session/organization', { schema: switchSchema }, async (request, reply) => {
    const { account } = request
    if (!account) throw personNeeded()
    await switchOrganization(deps, account, { organizationId: request.body.organization_id })
    return reply.code(204).send(undefined)
  })
}
