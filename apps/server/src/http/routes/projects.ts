import { ImageIdParams, PageQuery, Project, ProjectChange, ProjectList, ProjectRequest } from '@calotype/contract'
import {
  type Context,
  type Project as CoreProject,
  changeProject,
  createdId,
  createProject,
  deleteProject,
  findProject,
  listProjects,
  remakeAfterChange,
  runOnce,
  type SettingsChange,
  type Stores,
} from '@calotype/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { presentProject } from '../present-access.ts'
import { withProblems } from '../route-schema.ts'

const tags = ['projects']
const manage = { tags, 'x-permission': 'project.manage' as const }
const read = { tags, 'x-permission': 'image.read' as const }

/** `/projects`: those of the organisation that the caller works in. */
export function projects(app: App, deps: Deps): void {
  readProjects(app, deps)
  const createSchema = {
    ...manage,
    summary: 'Make a project',
    description: 'What is not named is as in every new project.',
    body: ProjectRequest,
    response: withProblems({ 201: Project }, [400, 403, 409]),
  }
  app.post('/projects', { config: { idempotent: true }, schema: createSchema }, async (request, reply) => {
    const { name } = request.body
    const ctx = contextOf(request)
    const project = await runOnce(deps, ctx, request.body, {
      run: once => createProject(deps, once, { name, settings: settingsOf(request.body) }),
      repeat: made => findProject(deps.database, ctx, { projectId: createdId(made), action: 'project.manage' }),
    })
    request.projectId = project.id
    return reply.code(201).send(presentProject(project))
  })

  const changeSchema = {
    ...manage,
    summary: 'Change a project',
    description:
      'New settings hold for whatever is uploaded or processed from then on; with new variants those of all ready images are remade in the background, and with another visibility their files move: see `POST /reprocess` for its progress. What was public and becomes private is taken from storage and CDN image by image.',
    params: ImageIdParams,
    body: ProjectChange,
    response: withProblems({ 200: Project }, [400, 403, 409]),
  }
  const remake = (tx: Stores, ctx: Context, project: CoreProject) => remakeAfterChange(deps, tx, ctx, project)
  app.patch('/projects/:id', { schema: changeSchema }, async request => {
    const projectId = request.params.id
    request.projectId = projectId
    const { name } = request.body
    const input = { projectId, settings: settingsOf(request.body), ...(name === undefined ? {} : { name }) }
    return presentProject(await changeProject({ ...deps, remake }, contextOf(request), input))
  })

  const deleteSchema = {
    ...manage,
    summary: 'Delete a project',
    description: 'It is gone at once for everybody; its images and every byte of them follow in the background.',
    params: ImageIdParams,
    response: withProblems(
      { 202: z.null().optional().meta({ description: 'Deleted; the bytes follow' }) },
      [400, 403, 409],
    ),
  }
  app.delete('/projects/:id', { schema: deleteSchema }, async (request, reply) => {
    request.projectId = request.params.id
    await deleteProject(deps, contextOf(request), { projectId: request.params.id })
    return reply.code(202).send(undefined)
  })
}

function readProjects(app: App, deps: Deps): void {
  const listSchema = {
    ...read,
    summary: 'List projects',
    description: 'As far as the credential reaches, newest first.',
    querystring: PageQuery,
    response: withProblems({ 200: ProjectList }, [400, 403]),
  }
  app.get('/projects', { schema: listSchema }, async request => {
    const { cursor, limit } = request.query
    const page = await listProjects(deps, contextOf(request), { cursor: cursor ?? null, limit })
    return { items: page.items.map(presentProject), next_cursor: page.nextCursor }
  })

  const getSchema = {
    ...read,
    summary: 'Get a project with its settings',
    params: ImageIdParams,
    response: withProblems({ 200: Project }, [400, 403]),
  }
  app.get('/projects/:id', { schema: getSchema }, async request => {
    const projectId = request.params.id
    request.projectId = projectId
    return presentProject(await findProject(deps.database, contextOf(request), { projectId, action: 'image.read' }))
  })
}

/** What of the settings the body names. */
function settingsOf(body: ProjectChange): SettingsChange {
  const { variants } = body
  const named = {
    allowedTypes: body.allowed_types,
    minBytes: body.min_bytes,
    maxBytes: body.max_bytes,
    maxSide: body.max_side,
    maxPixels: body.max_pixels,
    variants: variants?.map(({ max_bytes, ...variant }) => ({ ...variant, maxBytes: max_bytes })),
    visibility: body.visibility,
    retentionDays: body.retention_days,
    detectionTypes: body.detection_types,
  }
  return withoutUndefined(named)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The entries that are there: the compiler cannot follow a filter. */
const withoutUndefined = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
