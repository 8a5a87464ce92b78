import { ImageIdParams, Organization, OrganizationList, OrganizationRequest, PageQuery } from '@calotype/contract'
import {
  changeOrganization,
  createdId,
  createOrganization,
  deleteOrganization,
  getOrganization,
  getOwnOrganization,
  listOrganizations,
  runOnce,
} from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf, personOf } from '../authentication.ts'
import { presentOrganization } from '../present-access.ts'
import { withProblems } from '../route-schema.ts'

const tags = ['access']

/** `/organizations`: those that the caller belongs to. */
export function organizations(app: App, deps: Deps): void {
  readOrganizations(app, deps)
  const createSchema = {
    summary: 'Make an organisation',
    description: 'With a project named `default`; whoever makes it is its owner. Only for people with an account.',
    tags,
    body: OrganizationRequest,
    response: withProblems({ 201: Organization }, [400, 403, 409]),
  }
  app.post(
    '/organizations',
    { config: { person: true, idempotent: true }, schema: createSchema },
    async (request, reply) => {
      const by = personOf(request)
      // Whichever organisation a person works in just now, it is the same wish.
      const caller = { ...by, actor: { kind: 'user' as const, id: by.userId, organizationId: '' } }
      const organization = await runOnce(deps, caller, request.body, {
        run: once => createOrganization(deps, once, request.body),
        repeat: made => getOwnOrganization(deps, by, { organizationId: createdId(made) }),
      })
      return reply.code(201).send(presentOrganization(organization, 'owner'))
    },
  )

  const changeSchema = {
    summary: 'Rename an organisation',
    tags,
    'x-permission': 'access.manage' as const,
    params: ImageIdParams,
    body: OrganizationRequest,
    response: withProblems({ 200: Organization }, [400, 403]),
  }
  app.patch('/organizations/:id', { schema: changeSchema }, async request => {
    const input = { organizationId: request.params.id, name: request.body.name }
    const { organization, role } = await changeOrganization(deps, contextOf(request), input)
    return presentOrganization(organization, role)
  })

  const deleteSchema = {
    summary: 'Delete an organisation',
    description:
      'It is gone at once for everybody; its projects, images and every byte of them follow in the background.',
    tags,
    'x-permission': 'organization.own' as const,
    params: ImageIdParams,
    response: withProblems({ 202: z.null().optional().meta({ description: 'Deleted; the bytes follow' }) }, [400, 403]),
  }
  app.delete('/organizations/:id', { schema: deleteSchema }, async (request, reply) => {
    await deleteOrganization(deps, contextOf(request), { organizationId: request.params.id })
    return reply.code(202).send(undefined)
  })
}

function readOrganizations(app: App, deps: Deps): void {
  const listSchema = {
    summary: 'List the organisations that you belong to',
    tags,
    querystring: PageQuery,
    response: withProblems({ 200: OrganizationList }, [400]),
  }
  app.get('/organizations', { config: { person: true }, schema: listSchema }, async request => {
    // Signed in, and nowhere a member yet.
    if (!request.actor) return { items: [], next_cursor: null }
    const { cursor, limit } = request.query
    const page = await listOrganizations(deps, contextOf(request), { cursor: cursor ?? null, limit })
    const items = page.items.map(({ organization, role }) => presentOrganization(organization, role))
    return { items, next_cursor: page.nextCursor }
  })

  const getSchema = {
    summary: 'Get an organisation',
    tags,
    params: ImageIdParams,
    response: withProblems({ 200: Organization }, [400]),
  }
  app.get('/organizations/:id', { schema: getSchema }, async request => {
    const input = { organizationId: request.params.id }
    const { organization, role } = await getOrganization(deps, contextOf(request), input)
    return presentOrganization(organization, role)
  })
}
