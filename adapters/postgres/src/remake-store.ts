import type { RemakeItem, RemakeRun, RemakeStore, SettledItem } from '@calotype/core'
import { remakeUnderWay } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

interface RunRow {
  project_id: string
  id: string
  state: RemakeRun['state']
  total: number
  done: number
  failed: number
  skipped: number
  started_at: Date
  finished_at: Date | null
  failures: Array<{ code: string; count: number }>
}

const toRun = (row: RunRow): RemakeRun => ({
  ...{ id: row.id, projectId: row.project_id, state: row.state },
  ...{ total: row.total, done: row.done, failed: row.failed, skipped: row.skipped, failures: row.failures },
  ...{ startedAt: row.started_at, finishedAt: row.finished_at },
})

/** A run that has no failures asks nothing for their reasons. */
const runParts = sql`r.project_id, r.id, r.state, r.total, r.done, r.failed, r.skipped, r.started_at,
  r.finished_at, case when r.failed = 0 then '[]'::json else (
    select coalesce(json_agg(json_build_object('code', f.code, 'count', f.count) order by f.count desc, f.code), '[]')
    from (select code, count(*) from remake_items i where i.project_id = r.project_id and i.run_id = r.id
      and i.state = 'failed' group by code) f) end as failures`

export const createPostgresRemakeStore = (db: Kysely<Tables>): RemakeStore => ({
  start: (run, imageIds, at) => startRun(db, run, imageIds, at),

  async find(organizationId, runId) {
    const { rows } = await sql<RunRow>`
      select ${runParts} from remake_runs r join projects p on p.id = r.project_id and p.deleted_at is null
      where r.id = ${runId} and p.organization_id = ${organizationId}`.execute(db)
    return rows[0] ? toRun(rows[0]) : null
  },

  async findActive(projectId) {
    const { rows } = await sql<RunRow>`
      select ${runParts} from remake_runs r where r.project_id = ${projectId}
        and r.state in ('running', 'paused')`.execute(db)
    return rows[0] ? toRun(rows[0]) : null
  },

  async lock(projectId, runId) {
    const { rows } = await sql<RunRow>`
      select ${runParts} from remake_runs r where r.project_id = ${projectId} and r.id = ${runId}
      for update of r`.execute(db)
    return rows[0] ? toRun(rows[0]) : null
  },

  async setState(projectId, runId, state, finishedAt) {
    await sql`update remake_runs set state = ${state}, finished_at = ${finishedAt}::timestamptz
      where project_id = ${projectId} and id = ${runId}`.execute(db)
  },

  async hasPublicFiles(projectId) {
    const prefix = `public/${projectId}/`
    const { rows } = await sql`select 1 from image_variants
      where object_key >= ${prefix} and object_key < ${prefix.replace(/\/$/, '0')} limit 1`.execute(db)
    return rows.length > 0
  },

  async findRunning(limit) {
    const { rows } = await sql<{ project_id: string; id: string }>`
      select project_id, id from remake_runs where state = 'running' order by project_id limit ${limit}`.execute(db)
    return rows.map(row => ({ projectId: row.project_id, id: row.id }))
  },

  ...items(db),

  async noteRemade(projectId, imageId, at, detail) {
    await sql`insert into image_history (project_id, image_id, status, at, detail)
      values (${projectId}, ${imageId}, 'ready', ${at}::timestamptz, ${detail})`.execute(db)
  },

  async retire(projectId, objectKeys, until) {
    await sql`insert into retired_objects (project_id, object_key, keep_until)
      select ${projectId}, key, ${until}::timestamptz from unnest(${[...objectKeys]}::text[]) as k(key)
      on conflict (object_key) do update set keep_until = excluded.keep_until`.execute(db)
  },

  async forgetRetired(projectId, objectKeys) {
    await sql`delete from retired_objects where project_id = ${projectId}
      and object_key = any(${[...objectKeys]}::text[])`.execute(db)
  },
})

const items = (
  db: Kysely<Tables>,
): Pick<RemakeStore, 'takeWaiting' | 'loadItem' | 'setItem' | 'settleItem' | 'loadOpen' | 'findQueued'> => ({
  async takeWaiting(projectId, runId, limit) {
    const { rows } = await sql<{ image_id: string }>`
      with next as (select image_id from remake_items where project_id = ${projectId} and run_id = ${runId}
        and state = 'waiting' order by image_id limit ${limit}),
      taken as (update remake_items i set state = 'queued' from next
        where i.project_id = ${projectId} and i.run_id = ${runId} and i.image_id = next.image_id returning i.image_id)
      select image_id from taken order by image_id`.execute(db)
    return rows.map(row => row.image_id)
  },

  async loadItem({ projectId, runId, imageId }) {
    const { rows } = await sql<{ state: RemakeItem['state']; losses: number }>`
      select state, losses from remake_items
      where project_id = ${projectId} and run_id = ${runId} and image_id = ${imageId}`.execute(db)
    return rows[0] ? { imageId, ...rows[0] } : null
  },

  async setItem({ projectId, runId, imageId }, { state, losses }) {
    await sql`update remake_items set state = ${state}, losses = ${losses}
      where project_id = ${projectId} and run_id = ${runId} and image_id = ${imageId}
        and state in ('waiting', 'queued', 'working')`.execute(db)
  },

  settleItem: (key, state, code) => settleItem(db, key, state, code),

  async loadOpen(projectId, runId) {
    const { rows } = await sql<{ queued: number; waiting: boolean }>`
      select (select count(*)::int from remake_items where project_id = ${projectId} and run_id = ${runId}
        and state in ('queued', 'working')) as queued,
        exists (select 1 from remake_items where project_id = ${projectId} and run_id = ${runId}
          and state = 'waiting') as waiting`.execute(db)
    return rows[0] ?? { queued: 0, waiting: false }
  },

  async findQueued(projectId, runId, limit) {
    const { rows } = await sql<{ image_id: string }>`
      select image_id from remake_items where project_id = ${projectId} and run_id = ${runId}
        and state in ('queued', 'working') order by image_id limit ${limit}`.execute(db)
    return rows.map(row => row.image_id)
  },
})

/** Run and items in one statement; the index of active runs decides between two that begin at once. */
async function startRun(
  db: Kysely<Tables>,
  run: Pick<RemakeRun, 'id' | 'projectId'>,
  imageIds: readonly string[] | null,
  at: Date,
): Promise<RemakeRun> {
  const images =
    imageIds === null
      ? sql`select id as image_id from images where project_id = ${run.projectId}
          and status in ('ready', 'processing')`
      : sql`select distinct image_id from unnest(${[...imageIds]}::text[]) as named(image_id)`
  const { rows } = await sql<{ total: number }>`
    with chosen as materialized (${images}),
    run as (insert into remake_runs (project_id, id, total, started_at)
      values (${run.projectId}, ${run.id}, (select count(*) from chosen), ${at}::timestamptz)
      on conflict (project_id) where state in ('running', 'paused') do nothing returning project_id, id, total),
    items as (insert into remake_items (project_id, run_id, image_id)
      select run.project_id, run.id, chosen.image_id from run cross join chosen)
    select total from run`.execute(db)
  const [started] = rows
  if (!started) throw remakeUnderWay()
  const counts = { total: started.total, done: 0, failed: 0, skipped: 0, failures: [] }
  return { ...run, state: 'running', ...counts, startedAt: at, finishedAt: null }
}

async function settleItem(
  db: Kysely<Tables>,
  { projectId, runId, imageId }: { projectId: string; runId: string; imageId: string },
  state: SettledItem,
  code: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    with settled as (update remake_items set state = ${state}, code = ${code}
      where project_id = ${projectId} and run_id = ${runId} and image_id = ${imageId}
        and state in ('waiting', 'queued', 'working') returning project_id, run_id)
    update remake_runs r set ${sql.ref(state)} = r.${sql.ref(state)} + 1 from settled
    where r.project_id = settled.project_id and r.id = settled.run_id returning r.id`.execute(db)
  return rows.length > 0
}
