import type { EntityKey, SlotKey } from './entity.ts'

export interface Slot extends SlotKey {
  id: string
  /** The highest number that was given to a replacement. */
  accepted: number
  /** The number of what is in place, a removal included; it only grows. */
  placed: number
  updatedAt: Date
}

/**
 * `waiting` for its picture; `current`; `replaced` until its picture goes; `past` when it went; `dropped` when it never came into place.
 */
export type ReplacementState = 'waiting' | 'current' | 'replaced' | 'past' | 'dropped'

/** One numbered picture of a slot. */
export interface Replacement {
  projectId: string
  slotId: string
  number: number
  imageId: string
  /** A picture `given` by its id was there before and stays when it does not come into place. */
  source: 'upload' | 'given' | 'undo'
  state: ReplacementState
  by: { kind: 'user' | 'api_key' | 'service'; id: string }
  acceptedAt: Date
  placedAt: Date | null
  endedAt: Date | null
  /** Of a `replaced` one: when its picture goes. */
  releaseAt: Date | null
  /** Of a `dropped` one: `superseded`, `removed`, or the code of the picture's failure. */
  reason: string | null
}

/** Slots by project. What locks holds to the end of the transaction. Replacements go with the records of their images. */
export interface SlotStore {
  find(key: SlotKey): Promise<Slot | null>
  /** The slot, made when it is not there yet, locked. */
  open(key: SlotKey, id: string, at: Date): Promise<Slot>
  lock(projectId: string, slotId: string): Promise<Slot | null>
  /** All slots of an entity, locked in the order of their names. */
  lockAll(entity: EntityKey): Promise<readonly Slot[]>
  /** Numbers and time of a slot that is locked. */
  save(slot: Slot): Promise<void>
  add(replacement: Replacement): Promise<void>
  saveReplacements(replacements: readonly Replacement[]): Promise<void>
  findReplacement(projectId: string, slotId: string, number: number): Promise<Replacement | null>
  /** Highest number first. */
  listReplacements(
    projectId: string,
    slotId: string,
    states: readonly ReplacementState[],
    limit: number,
  ): Promise<readonly Replacement[]>
  findNames(entity: EntityKey): Promise<readonly string[]>
  /** Slots that wait for this image, by id: whoever settles them does it in one order. */
  findWaiting(projectId: string, imageId: string): Promise<readonly string[]>
  /** Which of these images are in a slot, wait for one, or go at a set time. */
  findHeld(projectId: string, imageIds: readonly string[]): Promise<ReadonlySet<string>>
  /** Slots with something that could have been settled before this moment; for the sweep. */
  findUnsettled(before: Date, limit: number): Promise<ReadonlyArray<Pick<Slot, 'projectId' | 'id'>>>
  /** Removes slots that nothing is left of since before this moment; how many. */
  forgetEmpty(before: Date, limit: number): Promise<number>
}
