import type { EntityKey, Replacement, Slot, SlotKey, SlotStore } from '../../entities/index.ts'
import { copyOf } from './copy-of.ts'
import type { MemoryState, StateAccess } from './state.ts'

const HOLDING: readonly Replacement['state'][] = ['waiting', 'current', 'replaced']

const isOf = (slot: Slot, { projectId, type, entityId }: EntityKey): boolean =>
  slot.projectId === projectId && slot.type === type && slot.entityId === entityId

/** Slots in memory; locks are free, because transactions run one at a time. */
export function memorySlotStore(state: StateAccess): SlotStore {
  const ofEntity = (entity: EntityKey): Slot[] =>
    [...state().slots.values()].filter(slot => isOf(slot, entity)).sort((a, b) => (a.slot < b.slot ? -1 : 1))
  const get = (key: SlotKey) => ofEntity(key).find(each => each.slot === key.slot)
  const own = (projectId: string, slotId: string): Slot | null => {
    const slot = state().slots.get(slotId)
    return slot?.projectId === projectId ? slot : null
  }
  const living = (): Replacement[] => livingReplacements(state())
  const same = (left: Replacement, right: Pick<Replacement, 'projectId' | 'slotId' | 'number'>): boolean =>
    left.projectId === right.projectId && left.slotId === right.slotId && left.number === right.number
  return {
    find: async key => copyOf(get(key) ?? null),
    open: async ({ projectId, type, entityId, slot }, id, at) => {
      const found = get({ projectId, type, entityId, slot })
      if (found) found.updatedAt = at
      else state().slots.set(id, { projectId, type, entityId, slot, id, accepted: 0, placed: 0, updatedAt: at })
      return copyOf(found ?? state().slots.get(id) ?? fail('The slot that was just made is not there'))
    },
    lock: async (projectId, slotId) => copyOf(own(projectId, slotId)),
    lockAll: async entity => copyOf(ofEntity(entity)),
    save: async ({ projectId, id, accepted, placed, updatedAt }) => {
      const slot = own(projectId, id)
      if (placed > accepted) fail('A slot has more placed than accepted')
      if (slot) Object.assign(slot, { accepted, placed, updatedAt })
    },
    add: async replacement => {
      if (living().some(each => same(each, replacement))) fail('This number was given already')
      if (!state().images.has(replacement.imageId)) fail('A replacement refers to an image that does not exist')
      state().replacements.push(copyOf(replacement))
    },
    saveReplacements: async replacements => {
      for (const { state: to, placedAt, endedAt, releaseAt, reason, ...key } of replacements) {
        const stored = living().find(each => same(each, key))
        if (stored) Object.assign(stored, copyOf({ state: to, placedAt, endedAt, releaseAt, reason }))
      }
    },
    findReplacement: async (projectId, slotId, number) =>
      copyOf(living().find(each => same(each, { projectId, slotId, number })) ?? null),
    listReplacements: async (projectId, slotId, states, limit) =>
      copyOf(
        living()
          .filter(each => each.projectId === projectId && each.slotId === slotId && states.includes(each.state))
          .sort((left, right) => right.number - left.number)
          .slice(0, limit),
      ),
    findNames: async entity => ofEntity(entity).map(each => each.slot),
    findWaiting: async (projectId, imageId) =>
      [
        ...new Set(
          living()
            .filter(each => each.projectId === projectId && each.imageId === imageId && each.state === 'waiting')
            .map(each => each.slotId),
        ),
      ].sort(),
    findHeld: async (projectId, imageIds) =>
      new Set(
        living()
          .filter(each => each.projectId === projectId && imageIds.includes(each.imageId))
          .filter(each => HOLDING.includes(each.state))
          .map(each => each.imageId),
      ),
    findUnsettled: async (before, limit) => {
      const found = new Map(
        living()
          .filter(each => isUnsettled(state(), each, before))
          .map(({ projectId, slotId }) => [slotId, { projectId, id: slotId }]),
      )
      return [...found.values()].slice(0, limit)
    },
    forgetEmpty: async (before, limit) => {
      const used = new Set(living().map(each => each.slotId))
      const empty = [...state().slots.values()].filter(slot => slot.updatedAt < before && !used.has(slot.id))
      for (const { id } of empty.slice(0, limit)) state().slots.delete(id)
      return Math.min(empty.length, limit)
    },
  }
}

/** Replacements go with the records of their images. */
const livingReplacements = (state: MemoryState): Replacement[] =>
  state.replacements.filter(each => state.images.has(each.imageId))

function isUnsettled(
  state: MemoryState,
  { state: at, releaseAt, acceptedAt, imageId, projectId }: Replacement,
  before: Date,
) {
  if (at === 'replaced') return releaseAt !== null && releaseAt < before
  if (at !== 'waiting' || acceptedAt >= before) return false
  const image = state.images.get(imageId)
  return image?.projectId !== projectId || ['ready', 'failed', 'deleted'].includes(image.status)
}

function fail(message: string): never {
  throw new Error(message)
}
