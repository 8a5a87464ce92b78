import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { JobPayload } from '../jobs/index.ts'
import type { RemakeRun, SettledItem } from './remake-store.ts'

type Deps = { database: Database; clock: Clock }

/** Jobs of one run that wait at a time: a run over a million images does not bury the queue, and can be paused. */
export const REMAKE_BATCH = 100
/** With fewer jobs left than this the next ones are made. */
const LOW_WATER = 20
/** After everything that people wait for. */
const REMAKE_PRIORITY = 20
/** Runs looked at in one sweep. */
const SWEPT_RUNS = 100

type RunKey = Pick<RemakeRun, 'id' | 'projectId'>

export const remakeKey = (runId: string, imageId: string): string => `image.remake:${runId}:${imageId}`
const advanceKey = (runId: string): string => `remake.advance:${runId}`

export const enqueueAdvance = (tx: Pick<Stores, 'jobs'>, run: RunKey, requestId: string): Promise<void> =>
  tx.jobs.enqueue(
    'remake.advance',
    { projectId: run.projectId, runId: run.id, requestId },
    { key: advanceKey(run.id), priority: REMAKE_PRIORITY },
  )

export const enqueueRemake = (
  tx: Pick<Stores, 'jobs'>,
  payload: JobPayload<'image.remake'>,
  runAt?: Date,
): Promise<void> =>
  tx.jobs.enqueue('image.remake', payload, {
    ...{ key: remakeKey(payload.runId, payload.imageId), priority: REMAKE_PRIORITY },
    ...(runAt === undefined ? {} : { runAt }),
  })

/** The job `remake.advance`: gives the next images of a run their jobs. */
export async function advanceRemake(deps: Deps, payload: JobPayload<'remake.advance'>): Promise<void> {
  const { projectId, runId, requestId } = payload
  await deps.database.transaction(async tx => {
    const run = await tx.remakes.lock(projectId, runId)
    if (run?.state !== 'running') return
    for (const imageId of await tx.remakes.takeWaiting(projectId, runId, REMAKE_BATCH))
      await enqueueRemake(tx, { projectId, runId, imageId, requestId })
    await completeIfOver(tx, run, deps.clock.now())
  })
}

/** Settles one image of a run whose row the caller holds, and with the last one the run. Counted once, however often it is called. */
export async function settleRemake(
  tx: Stores,
  run: RunKey,
  settled: { imageId: string; state: SettledItem; code?: string; at: Date; requestId: string },
): Promise<void> {
  const key = { projectId: run.projectId, runId: run.id, imageId: settled.imageId }
  if (!(await tx.remakes.settleItem(key, settled.state, settled.code ?? null))) return
  const open = await completeIfOver(tx, run, settled.at)
  if (open.waiting && open.queued < LOW_WATER) await enqueueAdvance(tx, run, settled.requestId)
}

async function completeIfOver(tx: Stores, run: RunKey, at: Date) {
  const open = await tx.remakes.loadOpen(run.projectId, run.id)
  if (!open.waiting && open.queued === 0) await tx.remakes.setState(run.projectId, run.id, 'completed', at)
  return open
}

/** For the sweep: a run whose jobs were lost goes on, and an image whose job was given up is counted as failed. Resolves with how many. */
export async function rescueRemakes(deps: Deps, { requestId }: { requestId: string }): Promise<number> {
  let rescued = 0
  for (const { projectId, id } of await deps.database.remakes.findRunning(SWEPT_RUNS))
    rescued += await deps.database.transaction(async tx => {
      const run = await tx.remakes.lock(projectId, id)
      return run?.state === 'running' ? rescue(tx, run, deps.clock.now(), requestId) : 0
    })
  return rescued
}

async function rescue(tx: Stores, run: RunKey, at: Date, requestId: string): Promise<number> {
  const { projectId, id: runId } = run
  let rescued = 0
  for (const imageId of await tx.remakes.findQueued(projectId, runId, 2 * REMAKE_BATCH)) {
    const job = await tx.jobs.find(remakeKey(runId, imageId))
    if (job && job.state !== 'given_up') continue
    rescued++
    if (job) await settleRemake(tx, run, { imageId, state: 'failed', code: 'attempts_lost', at, requestId })
    else await enqueueRemake(tx, { projectId, runId, imageId, requestId })
  }
  const open = await completeIfOver(tx, run, at)
  const advance = await tx.jobs.find(advanceKey(runId))
  if (open.waiting && open.queued < LOW_WATER && (!advance || advance.state === 'given_up')) {
    await enqueueAdvance(tx, run, requestId)
    rescued++
  }
  return rescued
}
