import {
  isUnderWay,
  type Job,
  MOVES,
  ORPHAN_GRACE,
  type Picture,
  presentStatus,
  required,
  type Status,
} from './life.ts'
import type { Snapshot, StoredObject } from './observe.ts'

/** When everything old that belonged to nothing was last removed, and what belonged to something then. */
export interface Swept {
  at: number
  kept: readonly string[]
}

/**
 * What has to hold at every moment, whatever failed and whoever was killed. Resolves with each breach in words; none means that all is
 * well.
 */
export function findBreaches(seen: Snapshot, swept: Swept): string[] {
  return [
    ...seen.pictures.flatMap(each => breachesOf(each, seen)),
    ...seen.places.flatMap(({ id, placings }) =>
      placings.filter(each => each.state === 'current').length > 1 ? [`${id} has two pictures in place`] : [],
    ),
    ...lostObjects(seen),
    ...leftObjects(seen, swept),
  ]
}

/** The same when everything has come to rest: nobody waits for anything, and storage holds exactly what is referred to. */
export function findUnrest(seen: Snapshot): string[] {
  const waiting = seen.pictures.filter(
    each => ['uploaded', 'processing'].includes(each.status) || each.purge === 'purging',
  )
  const needed = required(seen)
  const moves = (image: Snapshot['images'][number]) => image.history.map(line => line.status)
  return [
    ...waiting.map(each => `${each.id} is still ${each.status}`),
    ...seen.places.flatMap(({ id, placings }) =>
      placings.flatMap(({ number, state }) =>
        state === 'waiting' || state === 'replaced' ? [`number ${number} of ${id} is still ${state}`] : [],
      ),
    ),
    ...seen.runs.flatMap(({ id, state }) => (state === 'running' ? [`the run ${id} is still ${state}`] : [])),
    ...seen.objects.filter(each => !needed.has(each.name)).map(each => `${each.key} belongs to nothing`),
    ...seen.images.flatMap(image => illegalMoves(image.id, moves(image))),
  ]
}

function breachesOf(picture: Picture, seen: Snapshot): string[] {
  const { id, status, former, purge, original } = picture
  const present = presentStatus(picture)
  const breaches: string[] = []
  if ((status === 'deleted') !== (picture.deletedAt !== null)) breaches.push(`${id} is ${status}, but half deleted`)
  if (status === 'deleted' && former === null) breaches.push(`${id} was deleted from nowhere`)
  if (status !== 'deleted' && purge !== null) breaches.push(`${id} is ${status} and being purged`)
  if (status === 'ready' && picture.variantsOf === null) breaches.push(`${id} is ready without variants`)
  const needsBytes = present !== null && ['uploaded', 'processing', 'ready'].includes(present)
  if (needsBytes && !seen.originals.some(each => each.project === picture.project && each.key === original))
    breaches.push(`${id} is ${present} without an original`)
  if (original !== null && !seen.originals.some(each => each.project === picture.project && each.key === original))
    breaches.push(`${id} refers to ${original}, of which there is no record`)
  return breaches
}

/** Whatever an image refers to is there, of deleted images what a restore needs. */
function lostObjects(seen: Snapshot): string[] {
  const held = new Set(seen.objects.map(each => each.name))
  const wanted = seen.pictures.flatMap(picture => (presentStatus(picture) !== null && picture.original) || [])
  const needed = [...required(seen)].filter(name => !name.startsWith('uploads/') || wanted.includes(name))
  return needed.filter(name => !held.has(name)).map(name => `${name} is referred to and gone`)
}

/** What belongs to nothing is young, or belonged to something at the last sweep. */
function leftObjects(seen: Snapshot, swept: Swept): string[] {
  const needed = required(seen)
  const underWay = new Set(seen.pictures.filter(each => isUnderWay(each, seen)).map(each => each.id))
  const kept = new Set(swept.kept)
  const leaving = leavingNames(seen)
  return seen.objects
    .filter(({ name }) => !needed.has(name) && !kept.has(name) && !leaving.has(name))
    .filter(({ picture, attempt }) => attempt === null || !underWay.has(picture))
    .filter(({ modifiedAt }) => modifiedAt <= swept.at - ORPHAN_GRACE)
    .map(({ key }) => `${key} belongs to nothing, beyond its grace`)
}

/** Variants that were replaced or withdrawn: their job takes them away, however long storage refuses. */
function leavingNames({ jobs, objects }: Pick<Snapshot, 'jobs' | 'objects'>): ReadonlySet<string> {
  const takes = (kind: Job['kind'], object: StoredObject, upTo: (job: Job, attempt: number) => boolean) =>
    jobs.some(
      job => job.kind === kind && job.about === object.picture && object.attempt !== null && upTo(job, object.attempt),
    )
  const leaving = objects.filter(
    each =>
      takes('retire', each, (job, attempt) => attempt === job.upTo) ||
      takes('withdraw', each, (job, attempt) => attempt <= job.upTo),
  )
  return new Set(leaving.map(each => each.name))
}

/** Law L1: no other move than those of the table; that variants were remade (V11) is told on the way, and is no move. */
const illegalMoves = (id: string, path: readonly Status[]): string[] =>
  path.slice(1).flatMap((to, index) => {
    const from = path[index]
    const isNote = from === 'ready' && to === 'ready'
    return from && !isNote && !MOVES[from].includes(to) ? [`${id} went from ${from} to ${to}`] : []
  })

/** What a sweep at this moment leaves alone. */
export function keptBySweep(seen: Snapshot): string[] {
  const underWay = new Set(seen.pictures.filter(each => isUnderWay(each, seen)).map(each => each.id))
  const working = seen.objects.filter(({ picture, attempt }) => attempt !== null && underWay.has(picture))
  return [...required(seen), ...leavingNames(seen), ...working.map(each => each.name)]
}
