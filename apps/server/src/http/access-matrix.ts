import type { InjectOptions } from 'fastify'
import type { AccessScene } from '../testing/access-scene.ts'
import { formOf, photoPart } from '../testing/test-server.ts'
import { ENTITY_MATRIX } from './access-matrix-entities.ts'
import { metadataOf } from './tus.ts'

/**
 * What a refused call answers. `nothing`: it succeeds and names nothing of what it must not reach. `items`: it succeeds and refuses each
 * item by itself. `own`: the call is about the caller's own things, there is nothing to refuse.
 */
export type Refusal = 401 | 403 | 404 | 'nothing' | 'items' | 'own'

interface Entry {
  /** A request about things of the first organisation's first project; its owner's key succeeds with it. */
  send(ids: AccessScene['ids']): { url: string } & Pick<InjectOptions, 'payload' | 'headers'>
  /** The owner of another organisation. */
  foreign: Refusal
  /** An owner's key of the same organisation that is bound to another project. */
  otherProject: Refusal
  /** The highest role that is too low for it and what it gets; null where every role may. */
  lowerRole: readonly ['viewer' | 'member' | 'admin', Refusal] | null
  /** A service key that may do something else. */
  unscoped: Refusal
  /** The owner's key is refused too: only people with an account may do this. */
  peopleOnly?: true
}

type Columns = Omit<Entry, 'send'>

const ABOUT_IMAGE: Columns = { foreign: 404, otherProject: 404, lowerRole: null, unscoped: 403 }
const WRITES: Columns = { foreign: 404, otherProject: 404, lowerRole: ['viewer', 403], unscoped: 403 }
const MANAGES_PROJECT: Columns = { foreign: 404, otherProject: 404, lowerRole: ['member', 403], unscoped: 403 }
const MANAGES_ACCESS: Columns = { foreign: 404, otherProject: 403, lowerRole: ['member', 403], unscoped: 403 }
const ABOUT_SELF: Columns = { foreign: 'own', otherProject: 'own', lowerRole: null, unscoped: 'own' }
const PEOPLE_ONLY: Columns = {
  foreign: 403,
  otherProject: 403,
  lowerRole: ['viewer', 403],
  unscoped: 403,
  peopleOnly: true,
}

const json = (payload: object) => ({ payload })
const TUS = { 'tus-resumable': '1.0.0' }
const file = { file_name: 'roof.jpg', mime_type: 'image/jpeg', file_size: 10 }

/** Operations that need no credential; everything else stands in the matrix. */
export const OPEN_OPERATIONS: readonly string[] = [
  'get /api/health/liveness',
  'get /api/health/readiness',
  'get /health',
  'get /metrics',
  'get /api/v1/access',
  'post /api/v1/session',
  'post /api/v1/invitations/preview',
  'put /api/v1/uploads/direct/{id}',
]

/** Every operation of the OpenAPI document that needs a credential, in an order in which the owner can do them all. */
export const ACCESS_MATRIX: Readonly<Record<string, Entry>> = {
  'get /api/v1/me': { send: () => ({ url: '/me' }), ...ABOUT_SELF },
  'get /api/v1/images': { send: ids => ({ url: `/images?project_id=${ids.project}` }), ...ABOUT_IMAGE },
  'get /api/v1/images/{id}': { send: ids => ({ url: `/images/${ids.image}` }), ...ABOUT_IMAGE },
  'get /api/v1/images/{id}/metadata': { send: ids => ({ url: `/images/${ids.image}/metadata` }), ...ABOUT_IMAGE },
  'get /api/v1/images/{id}/explain': { send: ids => ({ url: `/images/${ids.image}/explain` }), ...ABOUT_IMAGE },
  'get /api/v1/images/{id}/file': { send: ids => ({ url: `/images/${ids.image}/file` }), ...ABOUT_IMAGE },
  'get /api/v1/images/{id}/signed-url': { send: ids => ({ url: `/images/${ids.image}/signed-url` }), ...ABOUT_IMAGE },
  'get /api/v1/projects/{id}/signed-cookies': {
    send: ids => ({ url: `/projects/${ids.project}/signed-cookies` }),
    ...ABOUT_IMAGE,
  },
  'post /api/v1/images/signed-urls': {
    send: ids => ({ url: '/images/signed-urls', ...json({ image_ids: [ids.image] }) }),
    ...ABOUT_IMAGE,
    ...{ foreign: 'nothing', otherProject: 'nothing' },
  },
  'get /api/v1/projects/{id}/events': { send: ids => ({ url: `/projects/${ids.project}/events` }), ...ABOUT_IMAGE },
  'get /api/v1/projects': {
    send: () => ({ url: '/projects' }),
    ...ABOUT_IMAGE,
    ...{ foreign: 'nothing', otherProject: 'nothing' },
  },
  'get /api/v1/projects/{id}': { send: ids => ({ url: `/projects/${ids.project}` }), ...ABOUT_IMAGE },
  'get /api/v1/organizations': { send: () => ({ url: '/organizations' }), ...ABOUT_SELF, foreign: 'nothing' },
  'get /api/v1/organizations/{id}': {
    send: ids => ({ url: `/organizations/${ids.organization}` }),
    ...ABOUT_SELF,
    foreign: 404,
  },
  'get /api/v1/organizations/{id}/members': {
    send: ids => ({ url: `/organizations/${ids.organization}/members` }),
    ...MANAGES_ACCESS,
  },
  'get /api/v1/organizations/{id}/invitations': {
    send: ids => ({ url: `/organizations/${ids.organization}/invitations` }),
    ...MANAGES_ACCESS,
  },
  'get /api/v1/api-keys': {
    send: () => ({ url: '/api-keys' }),
    ...MANAGES_ACCESS,
    ...{ foreign: 'nothing', otherProject: 'nothing' },
  },
  'get /api/v1/audit': {
    send: ids => ({ url: `/audit?project_id=${ids.project}` }),
    ...MANAGES_ACCESS,
    ...{ foreign: 'nothing', otherProject: 404 },
  },
  'get /api/v1/audit/verify': {
    send: ids => ({ url: `/audit/verify?organization_id=${ids.organization}` }),
    ...MANAGES_ACCESS,
  },
  'post /api/v1/reconcile': {
    send: ids => ({ url: '/reconcile', ...json({ project_id: ids.project }) }),
    ...MANAGES_PROJECT,
  },
  'get /api/v1/reconcile/{id}': { send: ids => ({ url: `/reconcile/${ids.comparison}` }), ...MANAGES_PROJECT },
  'get /api/v1/webhooks': {
    send: ids => ({ url: `/webhooks?project_id=${ids.project}` }),
    ...MANAGES_PROJECT,
  },
  'get /api/v1/webhooks/{id}': { send: ids => ({ url: `/webhooks/${ids.webhook}` }), ...MANAGES_PROJECT },
  'get /api/v1/webhooks/{id}/deliveries': {
    send: ids => ({ url: `/webhooks/${ids.webhook}/deliveries` }),
    ...MANAGES_PROJECT,
  },
  // Reading them is what a service key with the scope of the unscoped one here is for.
  'get /api/v1/pipeline/messages': {
    send: ids => ({ url: `/pipeline/messages?project_id=${ids.project}` }),
    ...MANAGES_PROJECT,
    unscoped: 'own',
  },
  'get /api/v1/security-log': {
    send: ids => ({ url: `/security-log?project_id=${ids.project}` }),
    ...MANAGES_ACCESS,
    ...{ foreign: 'nothing', otherProject: 404 },
  },

  'post /api/v1/images/upload': {
    send: ids => ({
      url: '/images/upload',
      ...formOf([{ name: 'project_id', value: ids.project }, photoPart(Buffer.from('a third picture'))]),
    }),
    ...WRITES,
  },
  'post /api/v1/images/upload-url': {
    send: ids => ({ url: '/images/upload-url', ...json({ project_id: ids.project, ...file }) }),
    ...WRITES,
  },
  'post /api/v1/images/upload-urls': {
    send: ids => ({ url: '/images/upload-urls', ...json({ items: [{ project_id: ids.project, ...file }] }) }),
    ...{ foreign: 'items', otherProject: 'items', lowerRole: ['viewer', 'items'], unscoped: 'items' },
  },
  'post /api/v1/images/resumable': {
    send: ids => ({
      url: '/images/resumable',
      headers: {
        ...TUS,
        'upload-length': '10',
        'upload-metadata': metadataOf({ filename: 'roof.jpg', filetype: 'image/jpeg', project_id: ids.project }),
      },
    }),
    ...WRITES,
  },
  'patch /api/v1/images/resumable/{id}': {
    send: ids => ({
      url: `/images/resumable/${ids.pending}`,
      payload: 'abcd',
      headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    }),
    ...WRITES,
  },
  'post /api/v1/images/{id}/complete': {
    send: ids => ({ url: `/images/${ids.pending}/complete`, ...json({}) }),
    ...WRITES,
  },
  'post /api/v1/images/{id}/retry': { send: ids => ({ url: `/images/${ids.failed}/retry` }), ...WRITES },
  'patch /api/v1/images/{id}': {
    send: ids => ({ url: `/images/${ids.image}`, ...json({ alt: 'A roof', project_id: ids.project }) }),
    ...WRITES,
  },
  'post /api/v1/images/import': {
    send: ids => ({ url: '/images/import', ...json({ project_id: ids.project, url: 'http://localhost/a.jpg' }) }),
    ...WRITES,
  },
  'get /api/v1/reprocess/{id}': { send: ids => ({ url: `/reprocess/${ids.run}` }), ...MANAGES_PROJECT },
  'post /api/v1/reprocess/{id}/pause': { send: ids => ({ url: `/reprocess/${ids.run}/pause` }), ...MANAGES_PROJECT },
  'post /api/v1/reprocess/{id}/resume': {
    send: ids => ({ url: `/reprocess/${ids.otherRun}/resume` }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/reprocess/{id}/cancel': { send: ids => ({ url: `/reprocess/${ids.run}/cancel` }), ...MANAGES_PROJECT },
  'post /api/v1/reprocess': {
    send: ids => ({ url: '/reprocess', ...json({ project_id: ids.project, image_ids: [ids.image] }) }),
    ...MANAGES_PROJECT,
  },
  // What needs `analysis.write` is in pipeline.test.ts: no owner succeeds with it.
  'patch /api/v1/images/{id}/status': {
    send: ids => ({ url: `/images/${ids.pending}/status`, ...json({ status: 'uploaded' }) }),
    ...WRITES,
  },
  'post /api/v1/webhooks': {
    send: ids => ({
      url: '/webhooks',
      ...json({ url: 'https://hooks.example.org/', events: ['image.ready'], project_id: ids.project }),
    }),
    ...MANAGES_PROJECT,
  },
  'patch /api/v1/webhooks/{id}': {
    send: ids => ({ url: `/webhooks/${ids.webhook}`, ...json({ description: 'ours' }) }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/webhooks/{id}/rotate-secret': {
    send: ids => ({ url: `/webhooks/${ids.webhook}/rotate-secret` }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/webhooks/{id}/deliveries/{delivery_id}/replay': {
    send: ids => ({ url: `/webhooks/${ids.webhook}/deliveries/${ids.delivery}/replay` }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/webhooks/{id}/replay': {
    send: ids => ({ url: `/webhooks/${ids.webhook}/replay`, ...json({ since: '2026-01-01T00:00:00.000Z' }) }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/pipeline/messages/{id}/resend': {
    send: ids => ({ url: `/pipeline/messages/${ids.message}/resend` }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/projects': {
    send: () => ({ url: '/projects', ...json({ name: 'third' }) }),
    ...MANAGES_ACCESS,
    foreign: 'own',
  },
  'patch /api/v1/projects/{id}': {
    send: ids => ({ url: `/projects/${ids.project}`, ...json({ retention_days: 3 }) }),
    ...MANAGES_PROJECT,
  },
  'post /api/v1/api-keys': {
    send: ids => ({ url: '/api-keys', ...json({ name: 'k', role: 'viewer', project_ids: [ids.project] }) }),
    ...MANAGES_ACCESS,
    otherProject: 404,
  },
  'post /api/v1/organizations': { send: () => ({ url: '/organizations', ...json({ name: 'x' }) }), ...PEOPLE_ONLY },
  'patch /api/v1/organizations/{id}': {
    send: ids => ({ url: `/organizations/${ids.organization}`, ...json({ name: 'renamed' }) }),
    ...MANAGES_ACCESS,
  },
  'patch /api/v1/organizations/{id}/members/{user_id}': {
    send: ids => ({ url: `/organizations/${ids.organization}/members/${ids.member}`, ...json({ role: 'viewer' }) }),
    ...MANAGES_ACCESS,
  },
  'post /api/v1/organizations/{id}/invitations': {
    send: ids => ({
      url: `/organizations/${ids.organization}/invitations`,
      ...json({ email: 'dan@example.org', role: 'viewer' }),
    }),
    ...MANAGES_ACCESS,
  },
  'post /api/v1/invitations/accept': {
    send: () => ({ url: '/invitations/accept', ...json({ token: 'x' }) }),
    ...PEOPLE_ONLY,
  },
  'put /api/v1/session/organization': {
    send: ids => ({ url: '/session/organization', ...json({ organization_id: ids.organization }) }),
    ...PEOPLE_ONLY,
  },
  'delete /api/v1/session': { send: () => ({ url: '/session' }), ...ABOUT_SELF },

  ...ENTITY_MATRIX,
  'delete /api/v1/webhooks/{id}': { send: ids => ({ url: `/webhooks/${ids.webhook}` }), ...MANAGES_PROJECT },
  'delete /api/v1/images/resumable/{id}': {
    send: ids => ({ url: `/images/resumable/${ids.pending}`, headers: TUS }),
    ...WRITES,
  },
  'delete /api/v1/images/{id}': { send: ids => ({ url: `/images/${ids.spare}` }), ...WRITES },
  'post /api/v1/images/{id}/restore': { send: ids => ({ url: `/images/${ids.spare}/restore` }), ...WRITES },
  'post /api/v1/images/delete': {
    send: ids => ({ url: '/images/delete', ...json({ image_ids: [ids.image] }) }),
    ...{ foreign: 'nothing', otherProject: 'nothing', lowerRole: ['viewer', 403], unscoped: 403 },
  },
  'delete /api/v1/organizations/{id}/invitations/{invitation_id}': {
    send: ids => ({ url: `/organizations/${ids.organization}/invitations/${ids.invitation}` }),
    ...MANAGES_ACCESS,
  },
  'delete /api/v1/organizations/{id}/members/{user_id}': {
    send: ids => ({ url: `/organizations/${ids.organization}/members/${ids.member}` }),
    ...MANAGES_ACCESS,
  },
  'delete /api/v1/api-keys/{id}': {
    send: ids => ({ url: `/api-keys/${ids.key}` }),
    ...MANAGES_ACCESS,
    otherProject: 404,
  },
  'delete /api/v1/projects/{id}': { send: ids => ({ url: `/projects/${ids.project}` }), ...MANAGES_PROJECT },
  'delete /api/v1/organizations/{id}': {
    send: ids => ({ url: `/organizations/${ids.organization}` }),
    ...MANAGES_ACCESS,
    lowerRole: ['admin', 403],
  },
}
