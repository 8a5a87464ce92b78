import type { Replacement } from '../../entities/index.ts'
import type { RemakeRun } from '../../images/index.ts'
import {
  type Belongings,
  type OpenItem,
  type Place,
  type Placing,
  placeId,
  type Run,
  type Shelf,
} from './belongings.ts'
import type { Picture } from './life.ts'
import { SLOTS } from './operations.ts'
import type { Stage } from './stage.ts'

/** The one thing of the caller's in each project. */
export const ENTITY = { type: 'moc', entityId: '42' }
const ALL = 1_000
const STATES = ['waiting', 'current', 'replaced', 'past', 'dropped'] as const

/** Slots, galleries and runs as the database holds them, in the words of the model. */
export async function observeBelongings(stage: Stage, pictures: readonly Picture[]): Promise<Belongings> {
  for (const { id } of pictures) stage.pictureIds.add(id)
  const ids = stage.projects.map(each => each.id)
  const [places, shelves] = await Promise.all([
    Promise.all(ids.flatMap(id => SLOTS.map(slot => observePlace(stage, id, slot)))),
    Promise.all(ids.map(id => observeShelf(stage, id))),
    Promise.all(ids.map(id => noteRun(stage, id))),
  ])
  const runs = await Promise.all([...stage.runIds].map(id => observeRun(stage, id)))
  return { places: places.flat(), shelves: shelves.flat(), runs: runs.flat() }
}

/** A run whose start was not answered is known by being under way. */
async function noteRun({ ground, runIds }: Stage, project: string): Promise<void> {
  const active = await ground.database.remakes.findActive(project)
  if (active) runIds.add(active.id)
}

async function observePlace({ ground, slotIds }: Stage, project: string, slot: string): Promise<Place[]> {
  const { slots } = ground.database
  const found = await slots.find({ ...ENTITY, projectId: project, slot })
  if (!found) return []
  const id = placeId(project, slot)
  slotIds.set(found.id, id)
  const placings = (await slots.listReplacements(project, found.id, STATES, ALL)).map(placingOf)
  const { accepted, placed, updatedAt } = found
  return [{ id, order: found.id, project, accepted, placed, touchedAt: updatedAt.getTime(), placings }]
}

const placingOf = ({ number, imageId, source, state, acceptedAt, releaseAt, reason }: Replacement): Placing => ({
  ...{ number, picture: imageId, source, state, reason },
  ...{ acceptedAt: acceptedAt.getTime(), releaseAt: releaseAt?.getTime() ?? null },
})

async function observeShelf({ ground }: Stage, project: string): Promise<Shelf[]> {
  const { galleries } = ground.database
  const found = await galleries.find({ ...ENTITY, projectId: project })
  if (!found) return []
  const entries = await galleries.listEntries(project, found.id)
  return [{ project, pictures: entries.map(each => each.imageId), primary: found.primaryImageId }]
}

async function observeRun({ ground, projects, pictureIds }: Stage, id: string): Promise<Run[]> {
  const { remakes } = ground.database
  const run = await remakes.find(projects[0]?.organizationId ?? '', id)
  if (!run) return []
  const { projectId: project, state, done, failed, skipped } = run
  const open: Record<string, OpenItem> = {}
  if (isActive(run))
    for (const imageId of pictureIds) {
      const item = await remakes.loadItem({ projectId: project, runId: id, imageId })
      if (item?.state === 'waiting' || item?.state === 'queued' || item?.state === 'working')
        open[imageId] = { state: item.state, losses: item.losses }
    }
  return [{ id, project, state, open, done, failed, skipped }]
}

const isActive = ({ state }: Pick<RemakeRun, 'state'>): boolean => state === 'running' || state === 'paused'
