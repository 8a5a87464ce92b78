import type { Shelf } from './belongings.ts'
import { find, type Life } from './life.ts'
import { empty, release } from './slots.ts'
import { addRecord } from './uploads.ts'

const shelfOf = (life: Life, project: string): Shelf | undefined => life.shelves.find(each => each.project === project)

function open(life: Life, project: string): Shelf {
  const shelf = shelfOf(life, project) ?? { project, pictures: [], primary: null }
  if (!life.shelves.includes(shelf)) life.shelves.push(shelf)
  return shelf
}

const isShown = (life: Life) => (id: string) => find(life, id)?.status !== 'deleted'

/** Requirement E2: a file for a gallery stands at its end at once. */
export function hang(life: Life, project: string, content: string, fresh: string): string {
  addRecord(life, project, content, fresh, 'slot')
  open(life, project).pictures.push(fresh)
  return 'new'
}

/** The same with an image that is there; one that is in the gallery stays where it is. */
export function add(life: Life, project: string, id: string): string {
  const picture = find(life, id)
  if (picture?.project !== project || picture.purge !== null) return 'not_found'
  if (!['uploaded', 'processing', 'ready'].includes(picture.status)) return 'image_not_ready'
  const { pictures } = open(life, project)
  if (!pictures.includes(id)) pictures.push(id)
  return 'ok'
}

/** What a reader sees, in its order. */
export const shownOn = (life: Life, project: string): string[] =>
  (shelfOf(life, project)?.pictures ?? []).filter(isShown(life))

/** The whole order turned round; deleted pictures wait at the end. */
export function turn(life: Life, project: string): string {
  const shelf = shelfOf(life, project)
  if (!shelf) return 'not_found'
  const shown = shownOn(life, project)
  shelf.pictures = [...shown.reverse(), ...shelf.pictures.filter(id => !isShown(life)(id))]
  return 'ok'
}

export function setPrimary(life: Life, project: string, id: string): string {
  const shelf = shelfOf(life, project)
  if (!shelf || !shownOn(life, project).includes(id)) return 'not_found'
  shelf.primary = id
  return 'ok'
}

/** Deletes the picture, which keeps its place for a restore; one that a slot holds only leaves the gallery. */
export function takeDown(life: Life, project: string, id: string): string {
  const shelf = shelfOf(life, project)
  if (!shelf || !shownOn(life, project).includes(id)) return 'not_found'
  if (release(life, project, [id], true).length === 0) shelf.pictures = shelf.pictures.filter(each => each !== id)
  return 'ok'
}

/** A thing of the caller's goes with all of its pictures. */
export function deleteEntity(life: Life, project: string): string {
  const places = life.places
    .filter(each => each.project === project)
    .sort((left, right) => (left.id < right.id ? -1 : 1))
  const given = places.flatMap(place => empty(life, place))
  release(life, project, [...given, ...(shelfOf(life, project)?.pictures ?? [])], true)
  return 'ok'
}
