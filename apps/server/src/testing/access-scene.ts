import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  NewApiKey,
  NewInvitation,
  NewShareLink,
  NewWebhook,
  PipelineMessageList,
  Project,
  ReconcileReport,
  UploadUrl,
} from '@calotype/contract'
import { corruptImage, hashSecret, newId, newSecret } from '@calotype/core'
import { type Inspection, inspectDatabase } from '@calotype/postgres/testing'
import { z } from 'zod'
import { startTestServer, type TestServer } from './test-server.ts'

/** What changes without anybody changing anything: notes of refusals and of use, and signs of life. */
const RESTLESS_TABLES = /security_log|heartbeat|known_crontabs|_private_job_queues/
/** Jobs of the schedule come and go by the clock, whatever anybody does. */
const SCHEDULED_JOB = /"key": "(?:care\.sweep|audit\.seal|audit\.heads)"/
const RESTLESS_COLUMNS = ['last_used_at', 'seen_at', 'last_seen_at', 'seq', 'prev_hash', 'hash']

/** Two organisations, everything in the first one that a call can be about, and a credential of every kind that must not reach it. */
export async function startAccessScene() {
  const server = await startTestServer({ env: { UPLOAD_URLS_PER_MINUTE: '10000' } })
  const inspection = await inspectDatabase(server.directory)
  const post = async (url: string, payload: object) => {
    const answer = await server.call({ method: 'POST', url: `/api/v1${url}`, payload })
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`)
    return answer.json()
  }
  const key = async (more: object) => NewApiKey.parse(await post('/api-keys', { name: 'matrix', ...more }))

  const me = (await server.call({ url: '/api/v1/me' })).json()
  const project = Project.parse(me.default_project)
  const organization = project.organization_id
  const second = Project.parse(await post('/projects', { name: 'second' }))
  const image = await server.ready(Buffer.from('the picture'))
  const spare = await server.ready(Buffer.from('another picture'))
  server.engine.error = corruptImage('drawn so')
  const failed = (await server.upload(Buffer.from('not a picture'), { query: '?wait=ready' })).json()
  server.engine.error = null
  const size = { file_name: 'roof.jpg', mime_type: 'image/jpeg', file_size: 10 }
  const pending = UploadUrl.parse(await post('/images/upload-url', size))
  const bound = await key({ role: 'viewer', project_ids: [project.id] })
  const memberId = await addMember(organization, inspection)
  const invitation = NewInvitation.parse(
    await post(`/organizations/${organization}/invitations`, { email: 'eve@example.org', role: 'viewer' }),
  )
  const runs = await addRuns(server, project.id, await post('/projects', { name: 'remade' }))
  const comparison = await addComparison(server, project.id)
  const messages = await addMessages(server, project.id)
  const shareLink = NewShareLink.parse(await post(`/images/${image.id}/share-links`, {}))
  const scene = {
    server,
    inspection,
    ids: {
      ...{ organization, project: project.id, second: second.id, image: image.id, spare: spare.id, member: memberId },
      ...{ failed: String(failed.image_id), pending: pending.image_id, key: bound.id, invitation: invitation.id },
      ...runs,
      ...messages,
      comparison,
      shareLink: shareLink.id,
    },
    credentials: await makeCredentials(server, { organization, second: second.id, key }),
    digest: () => digestOf(server, inspection),
    close: async () => {
      await inspection.close()
      await server.close()
    },
  }
  await settle(server, inspection)
  return scene
}

async function makeCredentials(
  server: TestServer,
  to: { organization: string; second: string; key(more: object): Promise<NewApiKey> },
) {
  const revoked = await to.key({ role: 'owner' })
  await server.call({ method: 'DELETE', url: `/api/v1/api-keys/${revoked.id}` })
  const secret = async (more: object) => (await to.key(more)).key ?? ''
  return {
    owner: server.ownerKey,
    expired: await addExpiredKey(server, to.organization),
    revoked: revoked.key ?? '',
    foreign: await addForeignOwner(server),
    otherProject: await secret({ role: 'owner', project_ids: [to.second] }),
    unscoped: await secret({ kind: 'service', scopes: ['analysis.write'] }),
    viewer: await secret({ role: 'viewer' }),
    member: await secret({ role: 'member' }),
    admin: await secret({ role: 'admin' }),
  }
}

/** A digest of each table and of the names of all stored bytes; equal ones mean that nothing changed. */
async function digestOf(server: TestServer, inspection: Inspection): Promise<Readonly<Record<string, string>>> {
  const dump = await inspection.dump(RESTLESS_COLUMNS)
  const tables = [...dump].filter(([name]) => !RESTLESS_TABLES.test(name))
  const files = await Promise.all(['blobs', 'outbox'].map(folder => listFiles(path.join(server.directory, folder))))
  const parts = [...tables, ['files', files.flat().sort()] as const].map(
    ([name, rows]) => [name, rows.filter(row => !SCHEDULED_JOB.test(row))] as const,
  )
  return Object.fromEntries(parts.map(([name, rows]) => [name, `${rows.length} ${sha256(rows.join('\n'))}`]))
}

/** Usage is written within a second. */
const SETTLED_MS = 1_500
/** Longer than the matrix takes: a job that is due until then could end between two looks. */
const QUIET_MS = 10 * 60_000

/** Waits until nothing changes by itself any more. */
async function settle(server: TestServer, inspection: Inspection): Promise<void> {
  for (let before = '', now = 'unknown', due = true; due || before !== now; ) {
    before = now
    now = JSON.stringify(await digestOf(server, inspection))
    due = await isJobDue(inspection)
    if (due || before !== now) await sleep(SETTLED_MS)
  }
}

const Job = z.object({ run_at: z.coerce.date() })

async function isJobDue(inspection: Inspection): Promise<boolean> {
  const jobs = (await inspection.dump()).get('graphile_worker._private_jobs') ?? []
  const ours = jobs.filter(row => !SCHEDULED_JOB.test(row)).map(row => Job.parse(JSON.parse(row)))
  return ours.some(({ run_at }) => run_at.getTime() < Date.now() + QUIET_MS)
}

export type AccessScene = Awaited<ReturnType<typeof startAccessScene>>

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const listFiles = (directory: string): Promise<string[]> => readdir(directory, { recursive: true }).catch(() => [])

async function addMember(organization: string, inspection: Inspection): Promise<string> {
  const id = newId()
  await inspection.query(`insert into users (id, name, email) values ($1, 'Ann', 'ann@example.org')`, [id])
  await inspection.query(
    `insert into memberships (organization_id, user_id, id, role, joined_at) values ($1, $2, $3, 'member', now())`,
    [organization, id, newId()],
  )
  return id
}

/** Paused runs, each in a project of its own: there is one at a time. */
async function addRuns(server: TestServer, project: string, other: unknown) {
  const pausedRun = async (projectId: string) => {
    const { remakes } = server.deps.database
    const run = await remakes.start({ id: newId(), projectId }, [newId()], new Date())
    await remakes.setState(projectId, run.id, 'paused', null)
    return run.id
  }
  return { run: await pausedRun(project), otherRun: await pausedRun(Project.parse(other).id) }
}

/** A message to the pipeline, and a webhook with one delivery, which is not due while the matrix compares. */
async function addMessages(server: TestServer, project_id: string) {
  const analysed = await server.ready(Buffer.from('an analysed picture'), { detection_types: 'damage' })
  const { items } = PipelineMessageList.parse((await server.call({ url: '/api/v1/pipeline/messages' })).json())
  const payload = { url: 'https://hooks.example.org/', events: ['image.failed'], project_id }
  const made = await server.call({ method: 'POST', url: '/api/v1/webhooks', payload })
  const delivery = newId()
  const later = new Date(Date.now() + 3_600_000)
  await server.deps.database.webhooks.queueDeliveries([
    { id: delivery, projectId: project_id, event: 'image.failed', body: '{}', at: later },
  ])
  return { webhook: NewWebhook.parse(made.json()).id, delivery, message: items[0]?.id ?? '', analysed: analysed.id }
}

/** One that has ended, because an organisation has one at a time. */
async function addComparison(server: TestServer, project_id: string): Promise<string> {
  const started = await server.call({ method: 'POST', url: '/api/v1/reconcile', payload: { project_id } })
  const { id } = ReconcileReport.parse(started.json())
  for (;;) {
    const report = await server.call({ url: `/api/v1/reconcile/${id}` })
    if (ReconcileReport.parse(report.json()).status === 'done') return id
    await sleep(20)
  }
}

async function addExpiredKey(server: TestServer, organizationId: string): Promise<string> {
  const secret = newSecret('key')
  const past = new Date(Date.now() - 1_000)
  const rights = { kind: 'api_key' as const, role: 'owner' as const, scopes: null, projectIds: null }
  await server.deps.database.credentials.addApiKey({
    ...{ id: newId(), organizationId, name: 'expired', ...rights, keyHash: hashSecret(secret) },
    ...{ createdAt: past, expiresAt: past },
  })
  return secret
}

/** The owner of an organisation of their own. */
async function addForeignOwner(server: TestServer): Promise<string> {
  const { installation, projects } = server.deps.database
  const [first] = await projects.list((await installation.findFirstOrganization())?.id ?? '', null)
  if (!first) throw new Error('There is no project to take the settings of')
  const organization = { id: newId(), name: 'Others' }
  await installation.addOrganization(organization)
  const organizationId = organization.id
  await installation.addProject({ id: newId(), organizationId, name: 'default', settings: first.settings })
  const secret = newSecret('key')
  await installation.addApiKey({ id: newId(), organizationId, name: 'k', role: 'owner', keyHash: hashSecret(secret) })
  return secret
}
