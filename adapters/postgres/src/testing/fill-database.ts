import type { Database } from '@calotype/core'
import { seedImage, seedProject } from '@calotype/core/testing'

/** What COPY, JSON and arrays have to escape. */
export const AWKWARD = [
  '\\N',
  '\\.',
  'a\tb',
  'a\nb\r\n',
  'back\\slash',
  '"quoted", {braces}',
  "it's",
  'Größe 📷 \u2028',
  '',
]

type Query = (text: string, values?: unknown[]) => Promise<unknown>

/** Rows of every kind: types, nulls, generated columns, counters, a chain of audit entries, jobs that wait and one that was given up. */
export async function fillDatabase(database: Database, query: Query): Promise<{ projectId: string }> {
  const project = await seedProject(database, { name: 'first' })
  const { id: projectId, organizationId } = project
  for (const [at, text] of AWKWARD.entries()) {
    const image = await seedImage(database, project, { status: at % 2 === 0 ? 'ready' : 'uploaded' })
    await query(
      `update images set file_name = $1, alt = nullif($1, ''), attributes = $2, notes = $3, updated_at = '2026-03-01 12:00:00.123456+02'
       where id = $4`,
      [text, JSON.stringify({ [text]: [null, 1.5, text] }), [text, null, 'x'], image.id],
    )
    await query(
      `insert into image_variants (project_id, image_id, name, format, position, recipe_id, content_type, width, height, size_bytes,
         object_key, encoding) values ($1, $2, $3, 'avif', 0, 'r', 'image/avif', 1, 1, 9, 'private/' || $2, '{}')`,
      [projectId, image.id, text],
    )
    await query(
      `insert into pipeline_messages (project_id, id, image_id, types, priority, created_at, since, next_attempt_at)
       values ($1, $2, $2, $3, 'high', now(), now(), 'infinity')`,
      [projectId, image.id, [text]],
    )
  }
  const pending = await seedImage(database, project, { status: 'pending_upload' })
  await query(
    `insert into upload_chunks (project_id, image_id, start_at, size_bytes, object_key) values ($1, $2, 0, 9, 'resumable/' || $2 || '/0')`,
    [projectId, pending.id],
  )
  await seedImage(database, project, { status: 'deleted' })
  await query(`insert into users (id, name, email) values ('u1', 'Ann', 'Ann@example.org')`)
  await query(
    `insert into user_accounts (id, user_id, account_id, provider_id) values ('a1', 'u1', 'u1', 'credential')`,
  )
  await query(
    `insert into memberships (organization_id, user_id, id, role, joined_at) values ($1, 'u1', 'm1', 'owner', now())`,
    [organizationId],
  )
  await query(
    `insert into webhooks (organization_id, id, url, description, events, secrets, created_at, updated_at)
     values ($1, 'w1', 'https://example.org', $2, '{image.ready}', '["sealed"]', now(), now())`,
    [organizationId, AWKWARD.join('')],
  )
  for (const [seq, action] of ['image.deleted', 'image.restored'].entries())
    await query(
      `insert into audit_entries (organization_id, id, at, action, actor_kind, actor_id, detail, seq, prev_hash, hash)
       values ($1, $2, date_trunc('milliseconds', now()), $3, 'user', 'u1', 'd', $4, $5, $5)`,
      [organizationId, `e${seq}`, action, seq + 1, String(seq).repeat(64)],
    )
  for (const number of [1, 2]) await database.events.append({ projectId, type: 'image.status', payload: { number } })
  await fillQueue(database, query, projectId)
  return { projectId }
}

async function fillQueue(database: Database, query: Query, projectId: string): Promise<void> {
  const job = (imageId: string) => ({ projectId, imageId, requestId: 'r' })
  await database.jobs.enqueue('image.process', job('i1'), { key: 'waits', priority: 2 })
  await database.jobs.enqueue('image.process', job('i2'), { key: 'given up' })
  await database.jobs.enqueue('image.purge', job(AWKWARD.join('')), { runAt: new Date('2030-01-01T00:00:00.000Z') })
  await database.jobs.enqueue('image.process', job('i3'), { key: 'runs' })
  await query(`update graphile_worker._private_jobs set attempts = max_attempts where key = 'given up'`)
  await query(
    `update graphile_worker._private_jobs set attempts = 3, locked_at = now(), locked_by = 'w' where key = 'runs'`,
  )
}
