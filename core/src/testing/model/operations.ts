import { remove, restore, retry } from './deaths.ts'
import type { Job, Life } from './life.ts'
import { find } from './life.ts'
import { begin, complete, put, send, upload } from './uploads.ts'
import { runJob, runJobs, sweep } from './work.ts'

/**
 * Everything that people, time and machines do to images. `n` stands for the n-th image that there ever was, `content` for some bytes.
 * `lose` forgets all jobs that are due, `late` runs an old job once more, `race` does something in the middle of an attempt.
 */
export type Operation =
  | { do: 'upload'; project: number; content: number }
  | { do: 'begin'; project: number; announced: number | null }
  | { do: 'send' | 'put'; n: number; content: number }
  | { do: 'complete' | 'delete' | 'restore' | 'retry'; n: number }
  | { do: 'late'; n: number }
  | { do: 'race'; n: number; meanwhile: readonly Operation[] }
  | { do: 'pass'; milliseconds: number }
  | { do: 'jobs' | 'lose' | 'sweep' | 'break' | 'mend' }

/** What the operations mean by their numbers. */
export interface Names {
  hashes: readonly string[]
  /** Ids of images in the order of their making. */
  ids: readonly string[]
  /** The id of an image that an operation is about to make. */
  fresh: string
}

const pick = (list: readonly string[], n: number): string => list[n % Math.max(list.length, 1)] ?? 'nothing'
export const idOf = (names: Pick<Names, 'ids'>, n: number): string => pick(names.ids, n)

/** The job that comes once more. */
export const lateJob = (life: Life, n: number): Job | undefined => life.past[n % Math.max(life.past.length, 1)]

/** What each operation does to the life of images, and what it is answered with. */
export function apply(life: Life, op: Operation, names: Names): string {
  const project = (n: number) =>
    pick(
      life.projects.map(each => each.id),
      n,
    )
  const content = (n: number) => pick(names.hashes, n)
  switch (op.do) {
    case 'upload':
      return upload(life, project(op.project), content(op.content), names.fresh)
    case 'begin':
      return begin(life, project(op.project), op.announced === null ? null : content(op.announced), names.fresh)
    case 'send':
      return send(life, idOf(names, op.n), content(op.content))
    case 'put':
      return put(life, idOf(names, op.n), content(op.content))
    case 'complete':
      return complete(life, idOf(names, op.n))
    case 'delete':
      return remove(life, idOf(names, op.n))
    case 'restore':
      return restore(life, idOf(names, op.n))
    case 'retry':
      return retry(life, idOf(names, op.n))
    default:
      applyTime(life, op, names)
      return 'ok'
  }
}

type OfTime = Extract<Operation, { do: 'late' | 'race' | 'pass' | 'jobs' | 'lose' | 'sweep' | 'break' | 'mend' }>

function applyTime(life: Life, op: OfTime, names: Names): void {
  if (op.do === 'pass') life.now += op.milliseconds
  if (op.do === 'jobs') runJobs(life)
  if (op.do === 'lose') life.jobs = life.jobs.filter(job => job.due > life.now)
  if (op.do === 'sweep') sweep(life)
  if (op.do === 'break') life.engineWorks = false
  if (op.do === 'mend') life.engineWorks = true
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
  runJob(life, { kind: 'process', picture: id, due: life.now, order: 0, tries: 0, upTo: 0 }, meanwhile)
}
