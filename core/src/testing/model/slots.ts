import { type Place, type Placing, placeId } from './belongings.ts'
import { removeAll, restore } from './deaths.ts'
import { enqueue, find, isRestorable, type Life, type Picture, SECOND } from './life.ts'
import { addRecord } from './uploads.ts'

/** A replaced picture is still there for this long. */
const REPLACED_GRACE = 10 * SECOND
/** What should have been settled this long ago is settled by the sweep. */
const UNSETTLED_AFTER = 60 * SECOND

const LIVING: readonly Placing['state'][] = ['waiting', 'current', 'replaced']
const newestFirst = (left: Placing, right: Placing): number => right.number - left.number
const placeOf = (life: Life, id: string): Place | undefined => life.places.find(each => each.id === id)

/** Requirement E1: a file for a slot is an image of its own, and comes into place when it is ready. */
export function replace(life: Life, project: string, slot: string, content: string, fresh: string): string {
  addRecord(life, project, content, fresh, 'slot')
  accept(life, open(life, project, slot), fresh, 'upload')
  return 'new'
}

/** An image that is there already; it is the caller's until it comes into place. */
export function setSlot(life: Life, project: string, slot: string, id: string): string {
  const picture = find(life, id)
  if (picture?.project !== project || picture.purge !== null) return 'not_found'
  if (!['uploaded', 'processing', 'ready'].includes(picture.status)) return 'image_not_ready'
  const place = open(life, project, slot)
  accept(life, place, id, 'given')
  settle(life, place)
  return 'ok'
}

/** The picture before the current one comes back, under a number of its own. */
export function undo(life: Life, project: string, slot: string): string {
  const place = placeOf(life, placeId(project, slot))
  if (!place) return 'not_found'
  const placed = place.placings.filter(each => ['current', 'replaced', 'past'].includes(each.state)).sort(newestFirst)
  const current = placed.find(each => each.state === 'current')
  const shown = current && find(life, current.picture)?.status !== 'deleted' ? current.picture : null
  const back = placed.find(({ picture }) => picture !== shown && isKept(find(life, picture)))
  if (!back) return 'nothing_to_undo'
  if (find(life, back.picture)?.status === 'deleted') restore(life, back.picture)
  accept(life, place, back.picture, 'undo')
  settle(life, place)
  return 'ok'
}

const isKept = (picture: Picture | undefined): boolean =>
  picture?.status === 'ready' ||
  (picture !== undefined && isRestorable(picture) && (picture.variantsOf !== null || picture.original !== null))

/** Empties the slot; whatever was accepted before comes too late. */
export function clear(life: Life, project: string, slot: string): string {
  const place = placeOf(life, placeId(project, slot))
  if (!place) return 'not_found'
  release(life, project, empty(life, place))
  return 'ok'
}

/** Ends everything that a slot holds. Answers with the pictures that it gave up. */
export function empty(life: Life, place: Place): string[] {
  const found = place.placings.filter(each => LIVING.includes(each.state))
  if (found.length === 0) return []
  const given = found.filter(each => each.state !== 'waiting' || each.source !== 'given').map(each => each.picture)
  place.accepted += 1
  Object.assign(place, { placed: place.accepted, touchedAt: life.now })
  for (const each of found) {
    if (each.state === 'waiting') Object.assign(each, { state: 'dropped', reason: 'superseded' })
    else Object.assign(each, { state: 'past', releaseAt: null })
  }
  return given
}

/** Deletes pictures that no slot and no gallery (besides that of one project) holds any more. */
export function release(life: Life, project: string, ids: readonly string[], besides = false): string[] {
  const living = [...new Set(ids)].filter(id => find(life, id) && find(life, id)?.status !== 'deleted')
  const free = living.filter(
    id =>
      !life.places.some(place => place.placings.some(each => each.picture === id && LIVING.includes(each.state))) &&
      !life.shelves.some(shelf => !(besides && shelf.project === project) && shelf.pictures.includes(id)),
  )
  removeAll(life, free)
  return free
}

function open(life: Life, project: string, slot: string): Place {
  const id = placeId(project, slot)
  const found = placeOf(life, id) ?? {
    id,
    order: '~',
    project,
    accepted: 0,
    placed: 0,
    touchedAt: life.now,
    placings: [],
  }
  if (!placeOf(life, id)) life.places.push(found)
  found.touchedAt = life.now
  return found
}

function accept(life: Life, place: Place, picture: string, source: Placing['source']): void {
  place.accepted += 1
  place.touchedAt = life.now
  place.placings.push({
    ...{ number: place.accepted, picture, source, state: 'waiting' },
    ...{ acceptedAt: life.now, releaseAt: null, reason: null },
  })
}

/** The highest number whose picture is ready comes into place; what is below it or failed is dropped; what was replaced goes in time. */
export function settle(life: Life, place: Place): void {
  const found = place.placings.filter(each => LIVING.includes(each.state)).sort(newestFirst)
  const isReady = ({ picture }: Placing) => find(life, picture)?.status === 'ready'
  const winner = found.find(each => each.state === 'waiting' && each.number > place.placed && isReady(each))
  if (winner) Object.assign(place, { placed: winner.number, touchedAt: life.now })
  const given: string[] = []
  for (const each of found) {
    const before = each.state
    if (each === winner) each.state = 'current'
    else if (before === 'waiting') drop(life, place, each)
    else if (before === 'current' && winner)
      Object.assign(each, { state: 'replaced', releaseAt: life.now + REPLACED_GRACE })
    else if (each.releaseAt !== null && each.releaseAt <= life.now)
      Object.assign(each, { state: 'past', releaseAt: null })
    const isGivenUp = each.state === 'past' || (each.state === 'dropped' && each.source !== 'given')
    if (each.state !== before && isGivenUp) given.push(each.picture)
  }
  release(life, place.project, given)
  const times = place.placings.flatMap(each => (each.state === 'replaced' ? (each.releaseAt ?? []) : []))
  if (times.length > 0) enqueue(life, 'settle', place.id, { due: Math.min(...times) })
}

function drop(life: Life, place: Place, placing: Placing): void {
  const picture = find(life, placing.picture)
  const gone = !picture || picture.status === 'deleted'
  const failure = gone ? 'removed' : picture.status === 'failed' ? picture.failure : null
  const reason = placing.number < place.placed ? 'superseded' : failure
  if (reason !== null) Object.assign(placing, { state: 'dropped', reason })
}

/** The job of one slot. */
export function settleById(life: Life, id: string): void {
  const place = placeOf(life, id)
  if (place) settle(life, place)
}

/** Whoever finishes a picture settles the slots that wait for it. */
export function settleSlotsOf(life: Life, picture: string): void {
  const waiting = (place: Place) => place.placings.some(each => each.picture === picture && each.state === 'waiting')
  const inOrder = (left: Place, right: Place) => (left.order < right.order ? -1 : 1)
  for (const place of life.places.filter(waiting).sort(inOrder)) settle(life, place)
}

/** The regular care: slots whose job was lost, and those that nothing is left of. */
export function sweepSlots(life: Life): void {
  const before = life.now - UNSETTLED_AFTER
  const isOver = ({ state, releaseAt, acceptedAt, picture }: Placing) =>
    state === 'replaced'
      ? releaseAt !== null && releaseAt < before
      : state === 'waiting' &&
        acceptedAt < before &&
        ['ready', 'failed', 'deleted'].includes(find(life, picture)?.status ?? '')
  for (const place of life.places.filter(each => each.placings.some(isOver))) settle(life, place)
  life.places = life.places.filter(each => each.touchedAt >= before || each.placings.length > 0)
}
