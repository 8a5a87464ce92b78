/** What pictures are for: slots, galleries, and runs that make their variants anew. */

export type PlacingState = 'waiting' | 'current' | 'replaced' | 'past' | 'dropped'

/** A numbered picture of a slot. */
export interface Placing {
  number: number
  picture: string
  /** One that was `given` by its id stays when it does not come into place. */
  source: 'upload' | 'given' | 'undo'
  state: PlacingState
  acceptedAt: number
  /** Of a `replaced` one: when its picture goes. */
  releaseAt: number | null
  reason: string | null
}

/** A slot. Numbers only grow; a removal takes one, too. */
export interface Place {
  id: string
  /** The product's own id, by which it settles slots one after the other; last while it is not known. */
  order: string
  project: string
  accepted: number
  placed: number
  touchedAt: number
  placings: Placing[]
}

/** A gallery; deleted pictures keep their place in it. */
export interface Shelf {
  project: string
  pictures: string[]
  primary: string | null
}

/** Of a picture that a run has not settled yet. */
export interface OpenItem {
  state: 'waiting' | 'queued' | 'working'
  losses: number
}

/** A run that makes the variants of a project anew. */
export interface Run {
  id: string
  project: string
  state: 'running' | 'paused' | 'completed' | 'cancelled'
  open: Record<string, OpenItem>
  done: number
  failed: number
  skipped: number
}

export interface Belongings {
  places: Place[]
  shelves: Shelf[]
  runs: Run[]
}

export const placeId = (project: string, slot: string): string => `${project}/${slot}`

/** Whether a run may be writing beside what a ready picture has. */
export const isRemade = ({ runs }: Pick<Belongings, 'runs'>, picture: string): boolean =>
  runs.some(run => ['running', 'paused'].includes(run.state) && run.open[picture]?.state === 'working')
