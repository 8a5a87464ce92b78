import type { Project } from '../access/index.ts'
import { byItself, noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Stores } from '../database.ts'
import type { DeletedBy, Image } from '../images/index.ts'
import type { JobPayload } from '../jobs/index.ts'
import { MAX_WAITING_REPLACEMENTS, REPLACED_GRACE_MS } from './entity.ts'
import { lockImages, releaseImages } from './release-images.ts'
import type { Replacement, ReplacementState, Slot } from './slot-store.ts'

type Deps = { database: Database; clock: Clock }

const UNSETTLED: readonly ReplacementState[] = ['waiting', 'current', 'replaced']
/** Waiting ones are limited; those that go within the grace are looked at in as many rounds as it takes. */
const BATCH = MAX_WAITING_REPLACEMENTS + 200
/** What should have been settled this long ago is settled by the sweep. */
export const UNSETTLED_AFTER_MS = 60_000
const SWEEP_BATCH = 500

/**
 * Brings a slot whose row is locked to where it belongs: the highest replacement whose picture is ready comes into place, those below it
 * and those that failed are dropped, and replaced pictures go when their grace is over. Doing it again changes nothing.
 */
export async function settleInTransaction(tx: Stores, project: Project, slot: Slot, by: DeletedBy): Promise<void> {
  const found = await tx.slots.listReplacements(project.id, slot.id, UNSETTLED, BATCH)
  const images = await lockImages(
    tx,
    project.id,
    found.map(each => each.imageId),
  )
  const { changed, winner } = judge(found, images, slot, by.at)
  if (winner) await tx.slots.save({ ...slot, placed: winner.number, updatedAt: by.at })
  await tx.slots.saveReplacements(changed)
  const before = winner && changed.find(({ state, endedAt }) => state === 'replaced' && endedAt === by.at)
  if (before) await noteReplacement(tx, project, slot, { winner, before, by })
  const given = changed.filter(isGivenUp).flatMap(({ imageId }) => images.get(imageId) ?? [])
  await releaseImages(tx, project, given, { ...by, why: 'it is in its slot no longer' })
  await enqueueSettling(tx, slot, found, changed, by)
}

/** A picture that was given by its id is the caller's until it came into place. */
const isGivenUp = ({ state, source }: Replacement): boolean =>
  state === 'past' || (state === 'dropped' && source !== 'given')

function judge(found: readonly Replacement[], images: ReadonlyMap<string, Image>, slot: Slot, at: Date) {
  const waiting = found.filter(each => each.state === 'waiting')
  const winner = waiting.find(({ imageId, number }) => number > slot.placed && images.get(imageId)?.status === 'ready')
  const placed = winner?.number ?? slot.placed
  const changed: Replacement[] = []
  for (const each of found) {
    if (each === winner) changed.push({ ...each, state: 'current', placedAt: at })
    else if (each.state === 'waiting') {
      const reason = each.number < placed ? 'superseded' : failureOf(images.get(each.imageId))
      if (reason !== null) changed.push({ ...each, state: 'dropped', endedAt: at, reason })
    } else if (each.state === 'current' && winner) changed.push(replaced(each, at))
    else if (each.state === 'replaced' && each.releaseAt !== null && each.releaseAt <= at)
      changed.push({ ...each, state: 'past', releaseAt: null })
  }
  return { changed, winner }
}

const replaced = (current: Replacement, at: Date): Replacement => ({
  ...current,
  state: 'replaced',
  endedAt: at,
  releaseAt: new Date(at.getTime() + REPLACED_GRACE_MS),
})

function failureOf(image: Image | undefined): string | null {
  if (!image || image.status === 'deleted') return 'removed'
  return image.status === 'failed' ? (image.failure?.code ?? 'internal') : null
}

/** In the name of whoever gave the new picture, whoever noticed that it is ready. */
async function noteReplacement(
  tx: Stores,
  project: Project,
  slot: Slot,
  { winner, before, by }: { winner: Replacement; before: Replacement; by: DeletedBy },
): Promise<void> {
  const place = `the slot ${slot.slot} of ${slot.type} ${slot.entityId}`
  const detail = `Image ${before.imageId} in ${place} was replaced by image ${winner.imageId}.`
  const doer = {
    actor: { ...winner.by, organizationId: project.organizationId },
    requestId: by.requestId,
    ip: by.actor.id === winner.by.id ? (by.ip ?? null) : null,
  }
  const note = { action: 'image.replaced', at: by.at, projectId: project.id, subject: before.imageId, detail } as const
  await noteAudit(tx, doer, note)
}

/** One job for each slot, at the time at which the first of its replaced pictures goes. */
async function enqueueSettling(
  tx: Stores,
  slot: Slot,
  found: readonly Replacement[],
  changed: readonly Replacement[],
  by: DeletedBy,
): Promise<void> {
  const now = new Map([...found, ...changed].map(each => [each.number, each]))
  const times = [...now.values()].flatMap(each => (each.state === 'replaced' && each.releaseAt) || [])
  if (times.length === 0) return
  const runAt = new Date(Math.min(...times.map(time => time.getTime())))
  const payload = { projectId: slot.projectId, slotId: slot.id, requestId: by.requestId }
  await tx.jobs.enqueue('slot.settle', payload, { key: `slot.settle:${slot.id}`, runAt })
}

/** The job `slot.settle`, and whoever has to know how a slot stands now. May run twice at the same moment. */
export async function settleSlot(deps: Deps, payload: JobPayload<'slot.settle'>): Promise<void> {
  const project = await deps.database.projects.load(payload.projectId)
  if (!project) return
  await deps.database.transaction(async tx => {
    const slot = await tx.slots.lock(project.id, payload.slotId)
    const by = { ...byItself(project.organizationId, payload.requestId), at: deps.clock.now() }
    if (slot) await settleInTransaction(tx, project, slot, by)
  })
}

/**
 * Settles every slot that waits for an image. The job that finishes the image does it before it ends, so that a kill in between brings
 * the job back.
 */
export async function settleSlotsOf(deps: Deps, payload: JobPayload<'image.process'>): Promise<void> {
  const { projectId, imageId, requestId } = payload
  for (const slotId of await deps.database.slots.findWaiting(projectId, imageId))
    await settleSlot(deps, { projectId, slotId, requestId })
}

/** The regular care: slots whose job was lost, and slots that nothing is left of. Resolves with how many of each. */
export async function sweepSlots(deps: Deps, requestId: string): Promise<{ settled: number; forgotten: number }> {
  const before = new Date(deps.clock.now().getTime() - UNSETTLED_AFTER_MS)
  const unsettled = await deps.database.slots.findUnsettled(before, SWEEP_BATCH)
  for (const { projectId, id } of unsettled) await settleSlot(deps, { projectId, slotId: id, requestId })
  return { settled: unsettled.length, forgotten: await deps.database.slots.forgetEmpty(before, SWEEP_BATCH) }
}
