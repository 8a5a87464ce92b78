import type { Place, Run, Shelf } from './belongings.ts'
import { type Job, type Life, type Original, type Picture, presentStatus } from './life.ts'
import type { Snapshot } from './observe.ts'

export interface Difference {
  what: string
  model: string
  product: string
}

/** Where the model and the product differ. Times of jobs are the queue's own. */
export function differences(life: Life, seen: Snapshot): Difference[] {
  return [
    ...compare('images', life.pictures.map(comparable), seen.pictures.map(comparable)),
    ...compare('originals', life.originals.map(lineOf), seen.originals.map(lineOf)),
    ...compare('jobs', life.jobs.map(jobLine), seen.jobs.map(jobLine)),
    ...compare('slots', life.places.map(placeLine), seen.places.map(placeLine)),
    ...compare('galleries', life.shelves.flatMap(shelfLine), seen.shelves.flatMap(shelfLine)),
    ...compare('runs', life.runs.map(runLine), seen.runs.map(runLine)),
    ...compare('storage', [], leftBehind(life, seen)),
  ]
}

/** Whether rows and jobs are those of the model, whatever lies in storage. */
export const sameRecords = (life: Life, seen: Snapshot): boolean =>
  differences(life, seen).every(each => each.what === 'storage')

function compare(what: string, model: readonly string[], product: readonly string[]): Difference[] {
  const [told, found] = [[...model].sort(), [...product].sort()]
  if (told.join('\n') === found.join('\n')) return []
  const only = (these: readonly string[], those: readonly string[]) =>
    these.filter(each => !those.includes(each)).join('\n')
  return [{ what, model: only(told, found) || 'nothing more', product: only(found, told) || 'nothing more' }]
}

function comparable(picture: Picture): string {
  const { touchedAt: _, held, sha256, ...rest } = picture
  const waits = presentStatus(picture) === 'pending_upload'
  const parts = Object.entries({ ...rest, sha256: sha256?.slice(0, 6), held: waits ? held : null })
  return parts
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')
}

const lineOf = ({ project, key, content, hashed, purging }: Original): string =>
  `${project} ${key} ${content.slice(0, 6)} ${hashed ? 'hashed' : 'not hashed'}${purging ? ' purging' : ''}`

export const jobLine = ({ kind, about, tries, upTo, extra, shared }: Job): string =>
  `${kind} ${about} ${extra} try ${tries} up to ${upTo}${shared ? ' with others' : ''}`

const placeLine = ({ id, accepted, placed, placings }: Place): string => {
  const lines = [...placings]
    .sort((left, right) => left.number - right.number)
    .map(({ number, picture, source, state, reason }) => `${number} ${source} ${picture} ${state} ${reason ?? ''}`)
  return `${id} ${placed} of ${accepted}: ${lines.join(', ')}`
}

/** A gallery that was never filled is like one that is empty. */
const shelfLine = ({ project, pictures, primary }: Shelf): string[] =>
  pictures.length > 0 ? [`${project} ${pictures.join(' ')}, first ${primary}`] : []

const runLine = ({ id, state, open, done, failed, skipped }: Run): string => {
  const items = Object.entries(isActive(state) ? open : {}).sort(([left], [right]) => (left < right ? -1 : 1))
  return `${id} ${state} ${done} ${failed} ${skipped} ${JSON.stringify(items)}`
}

const isActive = (state: Run['state']): boolean => state === 'running' || state === 'paused'

/** Objects that the model says were taken away, and are not. */
const leftBehind = ({ emptied, retired }: Life, { objects }: Snapshot): string[] =>
  objects
    .filter(
      ({ picture, attempt, name }) =>
        retired.includes(name) || (attempt !== null && attempt <= (emptied[picture] ?? 0)),
    )
    .map(({ key }) => key)
