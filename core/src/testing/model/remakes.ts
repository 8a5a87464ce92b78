import type { Run } from './belongings.ts'
import { ENGINE_TRIES, enqueue, find, type Job, type Life, LOST_TRIES, MINUTE, type Picture, SECOND } from './life.ts'

/** Files that were replaced are kept while a URL that was just issued may lead to them: two lives of 600 s. */
const TWO_LIVES = 20 * MINUTE
/** A picture that is just being processed is looked at again after this long. */
const UNREADY_PAUSE = 30 * SECOND

const runOf = (life: Life, id: string): Run | undefined => life.runs.find(each => each.id === id)
const activeOf = (life: Life, project: string): Run | undefined =>
  life.runs.find(each => each.project === project && ['running', 'paused'].includes(each.state))

/** Requirement V11: all ready pictures of a project are made anew, one run at a time. */
export function remake(life: Life, project: string, fresh: string): string {
  if (activeOf(life, project)) return 'reprocess_under_way'
  const chosen = life.pictures.filter(each => each.project === project && ['ready', 'processing'].includes(each.status))
  const open = Object.fromEntries(chosen.map(({ id }) => [id, { state: 'waiting' as const, losses: 0 }]))
  const run: Run = { ...{ id: fresh, project, state: 'running', open }, ...{ done: 0, failed: 0, skipped: 0 } }
  life.runs.push(run)
  if (chosen.length > 0) enqueue(life, 'advance', fresh)
  completeIfOver(run)
  return 'new run'
}

/** A run that is not there any more cannot be told anything. */
export function steer(life: Life, project: string, to: 'paused' | 'running' | 'cancelled'): string {
  const run = activeOf(life, project)
  if (!run) return 'no run'
  if (run.state === to) return 'ok'
  run.state = to
  if (to === 'running') enqueue(life, 'advance', run.id)
  // What an attempt is still doing comes to nothing.
  return 'ok'
}

/** The job that gives pictures their jobs. */
export function advance(life: Life, id: string): void {
  const run = runOf(life, id)
  if (run?.state !== 'running') return
  for (const [picture, item] of Object.entries(run.open).sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (item.state !== 'waiting') continue
    item.state = 'queued'
    enqueue(life, 'remake', picture, { extra: id })
  }
  completeIfOver(run)
}

/** One picture of a run: what it has is served until the new is there. */
export function remakeOne(life: Life, { about, extra, tries }: Job): 'done' | 'again' {
  const run = runOf(life, extra)
  const item = run?.open[about]
  if (!run || !item || run.state === 'cancelled') return 'done'
  if (run.state === 'paused') {
    item.state = 'waiting'
    return 'done'
  }
  const picture = find(life, about)
  if (picture && ['uploaded', 'processing'].includes(picture.status)) {
    enqueue(life, 'remake', about, { extra, due: life.now + UNREADY_PAUSE })
    return 'done'
  }
  if (picture?.status !== 'ready') return end(life, run, about, 'skipped')
  if (picture.madeBy === life.version) return end(life, run, about, 'done')
  if (picture.original === null) return end(life, run, about, 'failed')
  // Whoever worked on it died with its process.
  if (item.state === 'working') item.losses += 1
  if (item.losses >= LOST_TRIES) return end(life, run, about, 'failed')
  picture.attempt += 1
  item.state = 'queued'
  if (!life.engineWorks) return tries + 1 >= ENGINE_TRIES ? end(life, run, about, 'failed') : 'again'
  swap(life, picture)
  return end(life, run, about, 'done')
}

function swap(life: Life, picture: Picture): void {
  enqueue(life, 'retire', picture.id, { upTo: picture.variantsOf ?? 0, due: life.now + TWO_LIVES })
  Object.assign(picture, { variantsOf: picture.attempt, madeBy: life.version })
}

function end(life: Life, run: Run, picture: string, how: 'done' | 'failed' | 'skipped'): 'done' {
  delete run.open[picture]
  run[how] += 1
  completeIfOver(run)
  if (Object.values(run.open).some(each => each.state === 'waiting')) enqueue(life, 'advance', run.id)
  return 'done'
}

function completeIfOver(run: Run): void {
  if (Object.keys(run.open).length === 0) run.state = 'completed'
}

/** The regular care: runs whose jobs were lost go on. */
export function rescueRuns(life: Life): void {
  const has = (kind: Job['kind'], about: string, extra = '') =>
    life.jobs.some(each => each.kind === kind && each.about === about && each.extra === extra)
  for (const run of life.runs.filter(each => each.state === 'running')) {
    const items = Object.entries(run.open)
    for (const [picture, { state }] of items)
      if (state !== 'waiting' && !has('remake', picture, run.id)) enqueue(life, 'remake', picture, { extra: run.id })
    if (items.some(([, { state }]) => state === 'waiting') && !has('advance', run.id)) enqueue(life, 'advance', run.id)
  }
}
