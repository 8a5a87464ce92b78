import { remove, restore, retry } from './deaths.ts'
import { add, deleteEntity, hang, setPrimary, takeDown, turn } from './galleries.ts'
import type { Job, Life } from './life.ts'
import { find } from './life.ts'
import { remake, steer } from './remakes.ts'
import { clear, replace, setSlot, undo } from './slots.ts'
import { begin, complete, put, send, startImport, upload } from './uploads.ts'
import { runJob, runJobs, sweep } from './work.ts'

type OfUpload =
  | { do: 'upload'; project: number; content: number }
  | { do: 'import'; project: number; url: number }
  | { do: 'begin'; project: number; announced: number | null }
  | { do: 'send' | 'put'; n: number; content: number }
  | { do: 'complete' | 'delete' | 'restore' | 'retry'; n: number }

/** Each project has one entity, with a gallery and a few slots. */
type OfEntity =
  | { do: 'replace'; project: number; slot: number; content: number }
  | { do: 'set'; project: number; slot: number; n: number }
  | { do: 'undo' | 'clear'; project: number; slot: number }
  | { do: 'hang'; project: number; content: number }
  | { do: 'add' | 'primary' | 'takeDown'; project: number; n: number }
  | { do: 'turn' | 'deleteEntity'; project: number }

type OfRemake =
  | { do: 'remake'; project: number }
  | { do: 'steer'; project: number; to: 'paused' | 'running' | 'cancelled' }

type OfTime =
  | { do: 'late'; n: number }
  | { do: 'race'; n: number; meanwhile: readonly Operation[] }
  | { do: 'pass'; milliseconds: number }
  | { do: 'jobs' | 'lose' | 'sweep' | 'break' | 'mend' | 'upgrade' }

/**
 * Everything that people, time and machines do to images. `n` stands for the n-th image that there ever was, `content` for some bytes.
 * `lose` forgets all jobs that are due, `late` runs an old job once more, `race` does something in the middle of an attempt.
 */
export type Operation = OfUpload | OfEntity | OfRemake | OfTime

/** What the operations mean by their numbers. */
export interface Names {
  hashes: readonly string[]
  /** Ids of images in the order of their making. */
  ids: readonly string[]
  /** The id of an image or run that an operation is about to make. */
  fresh: string
}

const pick = (list: readonly string[], n: number): string => list[n % Math.max(list.length, 1)] ?? 'nothing'
export const idOf = (names: Pick<Names, 'ids'>, n: number): string => pick(names.ids, n)

/** The job that comes once more. */
export const lateJob = (life: Life, n: number): Job | undefined => life.past[n % Math.max(life.past.length, 1)]

export const SLOTS: readonly string[] = ['thumbnail', 'cover']
/** Nothing lies at the last one. */
export const URLS: readonly string[] = [
  'https://a.test/0',
  'https://a.test/1',
  'https://a.test/damaged',
  'https://a.test/no',
]

/** What each operation does to the life of images, and what it is answered with. */
export function apply(life: Life, op: Operation, names: Names): string {
  const content = (n: number) => pick(names.hashes, n)
  if (!('project' in op)) return applyToImage(life, op, names)
  const project = pick(
    life.projects.map(each => each.id),
    op.project,
  )
  const { fresh } = names
  switch (op.do) {
    case 'upload':
      return upload(life, project, content(op.content), fresh)
    case 'import':
      return startImport(life, project, pick(URLS, op.url), fresh)
    case 'begin':
      return begin(life, project, op.announced === null ? null : content(op.announced), fresh)
    case 'remake':
      return remake(life, project, fresh)
    case 'steer':
      return steer(life, project, op.to)
    case 'hang':
      return hang(life, project, content(op.content), fresh)
    case 'add':
      return add(life, project, idOf(names, op.n))
    case 'primary':
      return setPrimary(life, project, idOf(names, op.n))
    case 'takeDown':
      return takeDown(life, project, idOf(names, op.n))
    case 'turn':
      return turn(life, project)
    case 'deleteEntity':
      return deleteEntity(life, project)
    default:
      return applyToSlot(life, op, project, names)
  }
}

type OfSlot = Extract<OfEntity, { slot: number }>

function applyToSlot(life: Life, op: OfSlot, project: string, names: Names): string {
  const slot = pick(SLOTS, op.slot)
  if (op.do === 'replace') return replace(life, project, slot, pick(names.hashes, op.content), names.fresh)
  if (op.do === 'set') return setSlot(life, project, slot, idOf(names, op.n))
  return op.do === 'undo' ? undo(life, project, slot) : clear(life, project, slot)
}

function applyToImage(life: Life, op: Exclude<Operation, { project: number }>, names: Names): string {
  const id = 'n' in op ? idOf(names, op.n) : ''
  switch (op.do) {
    case 'send':
      return send(life, id, pick(names.hashes, op.content))
    case 'put':
      return put(life, id, pick(names.hashes, op.content))
    case 'complete':
      return complete(life, id)
    case 'delete':
      return remove(life, id)
    case 'restore':
      return restore(life, id)
    case 'retry':
      return retry(life, id)
    default:
      applyTime(life, op, names)
      return 'ok'
  }
}

function applyTime(life: Life, op: OfTime, names: Names): void {
  if (op.do === 'pass') life.now += op.milliseconds
  if (op.do === 'jobs') runJobs(life)
  if (op.do === 'lose') life.jobs = life.jobs.filter(job => job.due > life.now)
  if (op.do === 'sweep') sweep(life)
  if (op.do === 'break') life.engineWorks = false
  if (op.do === 'mend') life.engineWorks = true
  if (op.do === 'upgrade') life.version += 1
  if (op.do === 'late') {
    const job = lateJob(life, op.n)
    if (job) runJob(life, { ...job })
  }
  if (op.do === 'race')
    race(life, idOf(names, op.n), current => {
      for (const each of op.meanwhile) apply(current, each, names)
    })
}

/** An attempt that is not the queue's own, with something going on around it. */
function race(life: Life, id: string, meanwhile: (life: Life) => void): void {
  if (!find(life, id)) return
  const job = { kind: 'process' as const, about: id, due: life.now, order: 0, tries: 0 }
  runJob(life, { ...job, upTo: 0, extra: '', shared: false }, meanwhile)
}
