import { newId, type Project, type ReconcileRun, runReconcile, startReconcile, systemClock } from '@calotype/core'
import type { OpenDatabase } from '@calotype/postgres'
import { sql } from 'kysely'
import { type Difference, differenceOf, originalOf, type Plan, variantOf } from './plant.ts'
import { type SyntheticBlobs, strayOf } from './synthetic-blobs.ts'

export interface Compared {
  run: ReconcileRun
  seconds: number
  /** Most of the JS heap, after a collection where one can be asked for, and of the whole process, above what it was before. */
  heapBytes: number
  rssBytes: number
  /** Differences between what was found and what was planted: empty when it is exactly that. */
  mistakes: string[]
}

/** A collection is not free: more of them would be most of what is measured. */
const WATCH_MS = 2_000

/** One comparison of what was planted with what is found. */
export async function compare(
  opened: OpenDatabase,
  storage: SyntheticBlobs,
  plan: Plan,
  project: Project,
  apply: boolean,
): Promise<Compared> {
  const deps = { database: opened.database, blobs: storage.blobs, clock: systemClock }
  const actor = {
    kind: 'api_key' as const,
    id: newId(),
    organizationId: project.organizationId,
    role: 'owner' as const,
  }
  const ctx = { actor: { ...actor, projectIds: null, scopes: null }, requestId: 'bench' }
  const { id } = await startReconcile(deps, ctx, { projectId: project.id, apply })
  const memory = watchMemory()
  const started = performance.now()
  const payload = { organizationId: project.organizationId, runId: id, requestId: 'bench' }
  const run = await runReconcile(deps, payload, { attempt: 1, maxAttempts: 1 })
  const seconds = (performance.now() - started) / 1_000
  if (!run) throw new Error('The comparison is not there')
  const findings = await opened.database.reconcile.listFindings(project.organizationId, id)
  const wanted = new Set(plantedKeys(plan))
  const found = new Set(findings.map(finding => `${finding.kind} ${finding.key}`))
  const mistakes = [...wanted].filter(key => !found.has(key)).map(key => `not found: ${key}`)
  mistakes.push(...[...found].filter(key => !wanted.has(key)).map(key => `not planted: ${key}`))
  if (run.status !== 'done') mistakes.push(`it ended as ${run.status}: ${run.failure}`)
  return { run, seconds, ...memory.stop(), mistakes }
}

/** Exactly the strays are removed, exactly the lost originals given up, exactly the images with lost variants are to be made again. */
export async function checkRepairs(opened: OpenDatabase, storage: SyntheticBlobs, plan: Plan): Promise<string[]> {
  const ids = (difference: Difference) => numbersOf(plan, difference)
  const strays = ids('stray').map(at => strayOf(plan, at))
  const { rows: gone } = await sql<{ key: string }>`select 'uploads/' || id as key from images
    where project_id = ${plan.projectId} and original_key is null order by id`.execute(opened.handle.kysely)
  const { rows: jobs } = await sql<{ key: string }>`select key from graphile_worker.jobs
    where key like 'image.mend:%' order by key collate "C"`.execute(opened.handle.kysely)
  const { rows: rest } = await sql<{ count: number }>`select count(*)::int as count from image_variants`.execute(
    opened.handle.kysely,
  )
  const mended = [...ids('no_variant'), ...ids('wrong_size')]
    .map(at => `image.mend:${String(at).padStart(26, '0')}`)
    .sort()
  const lost = ids('no_original').map(originalOf)
  return [
    ...differ('strays', [...storage.removed].sort(), strays.sort()),
    ...differ(
      'originals',
      gone.map(row => row.key),
      lost,
    ),
    ...differ(
      'variants',
      jobs.map(row => row.key),
      mended,
    ),
    ...(rest[0]?.count === 2 * plan.images ? [] : ['rows of variants were removed']),
  ]
}

const differ = (name: string, actual: readonly string[], expected: readonly string[]): string[] =>
  JSON.stringify(actual) === JSON.stringify(expected)
    ? []
    : [`${name}: ${actual.length} were repaired instead of ${expected.length}`]

const numbersOf = (plan: Plan, difference: Difference): number[] =>
  Array.from({ length: plan.images }, (_, at) => at).filter(at => differenceOf(plan, at) === difference)

const plantedKeys = (plan: Plan): string[] => [
  ...numbersOf(plan, 'stray').map(at => `unreferenced ${strayOf(plan, at)}`),
  ...numbersOf(plan, 'no_original').map(at => `missing_original ${originalOf(at)}`),
  ...numbersOf(plan, 'no_variant').map(at => `missing_variant ${variantOf(plan, at)}`),
  ...numbersOf(plan, 'wrong_size').map(at => `wrong_size ${variantOf(plan, at)}`),
]

function watchMemory() {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const most = { heap: before.heapUsed, rss: before.rss }
  const timer = setInterval(() => {
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    most.heap = Math.max(most.heap, heapUsed)
    most.rss = Math.max(most.rss, rss)
  }, WATCH_MS)
  return {
    stop: () => {
      clearInterval(timer)
      return { heapBytes: most.heap - before.heapUsed, rssBytes: most.rss - before.rss }
    },
  }
}
