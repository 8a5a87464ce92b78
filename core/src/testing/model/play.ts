import type { Fault } from '../faults.ts'
import { copyOf } from '../memory/copy-of.ts'
import type { TestClock } from '../test-clock.ts'
import { type Difference, differences, jobLine, sameRecords } from './compare.ts'
import { DAMAGED, type Ground, HASHES, WEB } from './grounds.ts'
import { findBreaches, findUnrest, keptBySweep, type Swept } from './invariants.ts'
import { DAY, HOUR, type Life, remember, shownStatus } from './life.ts'
import { observe, type Snapshot } from './observe.ts'
import { apply, type Operation } from './operations.ts'
import { perform } from './perform.ts'
import { createStage, type ProjectRules, type Stage, type Told } from './stage.ts'

export interface Step {
  op: Operation
  fault: Fault | null
}

/** A life to be lived: the rules of its projects and what happens, in order. */
export interface Story {
  rules: readonly ProjectRules[]
  steps: readonly Step[]
}

interface Play {
  stage: Stage
  life: Life
  ids: string[]
  swept: Swept
}

/** Tells a story to the product and to the model. Rejects with the first difference between them, or the first breach of a law. */
export async function tell(story: Story, ground: Ground, clock: TestClock): Promise<void> {
  const stage = await createStage(ground, clock, story.rules)
  const life: Life = {
    ...{ now: clock.now().getTime(), projects: stage.terms, damaged: DAMAGED, engineWorks: true },
    ...{ web: WEB, version: 1, pictures: [], originals: [], jobs: [], past: [], emptied: {}, retired: [] },
    ...{ places: [], shelves: [], runs: [] },
  }
  const play: Play = { stage, life, ids: [], swept: { at: Number.NEGATIVE_INFINITY, kept: [] } }
  for (const step of story.steps) await take(play, step)
  for (const op of REST) await take(play, { op, fault: null })
  await checkReaders(play)
  expectNone('at rest', findUnrest(await observe(stage)))
  for (const n of play.ids.keys()) await take(play, { op: { do: 'delete', n }, fault: null })
  for (const op of END) await take(play, { op, fault: null })
  const { pictures, originals, objects } = await observe(stage)
  expectNone('in the end', [
    ...pictures.map(each => each.id),
    ...originals.map(each => each.key),
    ...objects.map(each => each.key),
  ])
}

const pass = (milliseconds: number): Operation => ({ do: 'pass', milliseconds })
/** Every pause and grace ends, and every lost job is found. */
const REST: readonly Operation[] = [
  ...[{ do: 'mend' as const }, pass(2 * HOUR), { do: 'sweep' as const }, { do: 'jobs' as const }, pass(DAY)],
  ...[{ do: 'jobs' as const }, pass(2 * HOUR), { do: 'sweep' as const }, { do: 'jobs' as const }],
]
/** Every retention ends. */
const END: readonly Operation[] = [
  ...[{ do: 'jobs' as const }, pass(20 * DAY), { do: 'jobs' as const }, { do: 'sweep' as const }, pass(2 * HOUR)],
  { do: 'sweep' },
]

async function take(play: Play, { op, fault }: Step): Promise<void> {
  const { stage, life } = play
  const told = await perform(stage, op, { ids: play.ids }, life, fault ?? undefined)
  if (told.answer === 'skipped') return
  if (['pass', 'break', 'mend', 'upgrade'].includes(op.do)) {
    apply(life, op, { hashes: HASHES, ids: play.ids, fresh: 'none' })
    return
  }
  const { struck } = stage.faults
  stage.faults.revive()
  if (struck && fault?.kill) await stage.ground.restart()
  const seen = await observe(stage)
  const known = new Set(play.ids)
  const made = seen.pictures.map(each => each.id).filter(id => !known.has(id))
  const next = copyOf(life)
  const madeRun = seen.runs.find(each => life.runs.every(({ id }) => id !== each.id))?.id
  const fresh = told.fresh ?? (op.do === 'remake' ? madeRun : made[0]) ?? 'none'
  const answer = apply(next, op, { hashes: HASHES, ids: play.ids, fresh })
  if (struck) play.life = afterFailure(life, next, seen, op, play.ids)
  else {
    agree(next, seen, told, answer)
    play.life = next
    if (op.do === 'sweep') play.swept = { at: next.now, kept: keptBySweep(seen) }
  }
  learnTimes(play.life, seen)
  play.ids.push(...made)
  expectNone(`after ${describe(op, fault)}`, findBreaches(seen, play.swept))
}

const describe = (op: Operation, fault: Fault | null): string =>
  JSON.stringify(op) + (fault ? ` with ${fault.kill ? 'a kill' : 'a failure'} ${fault.when} call ${fault.call}` : '')

function expectNone(when: string, breaches: readonly string[]): void {
  if (breaches.length > 0) throw new Error(`${when}:\n${breaches.join('\n')}`)
}

function agree(life: Life, seen: Snapshot, told: Told, answer: string): void {
  const found: Difference[] = differences(life, seen)
  if (told.answer !== answer) found.unshift({ what: 'answer', model: answer, product: told.answer })
  const lines = found.map(({ what, model, product }) => `${what}: the model says ${model}, the product ${product}`)
  expectNone('the product differs from the model', lines)
}

/** What is one transaction happened or did not; of jobs and sweeps any part may have, and the invariants judge. */
function afterFailure(before: Life, after: Life, seen: Snapshot, op: Operation, ids: readonly string[]): Life {
  const whole = !['jobs', 'sweep', 'late', 'race', 'lose'].includes(op.do)
  if (whole && ![before, after, arrived(before, op, ids)].some(life => sameRecords(life, seen)))
    expectNone(
      'the product did half of it',
      differences(after, seen).map(each => JSON.stringify(each)),
    )
  const { now, engineWorks } = after
  const { pictures, originals, places, shelves, runs } = seen
  const known = { pictures, originals, places, shelves, runs, jobs: [...seen.jobs] }
  const life: Life = { ...copyOf(before), now, engineWorks, ...known, emptied: {}, retired: [] }
  for (const job of seen.jobs) remember(life, job)
  return life
}

/** Bytes come to storage before anybody writes that down. */
function arrived(before: Life, op: Operation, ids: readonly string[]): Life {
  const life = copyOf(before)
  if (op.do === 'send') apply(life, { ...op, do: 'put' }, { hashes: HASHES, ids, fresh: 'none' })
  return life
}

/** When a row was last written, and the order of jobs in which nothing tells them apart, are the product's own business. */
function learnTimes(life: Life, seen: Snapshot): void {
  const times = new Map(seen.pictures.map(each => [each.id, each.touchedAt]))
  for (const picture of life.pictures) picture.touchedAt = times.get(picture.id) ?? picture.touchedAt
  const places = new Map(seen.places.map(({ id, touchedAt, order }) => [id, { touchedAt, order }]))
  for (const place of life.places) Object.assign(place, places.get(place.id))
  const orders = new Map(seen.jobs.map(each => [jobLine(each), each.order]))
  for (const job of life.jobs) job.order = orders.get(jobLine(job)) ?? job.order
}

/** What a caller is told of each image that there ever was. */
async function checkReaders({ stage, life, ids }: Play): Promise<void> {
  for (const id of ids) {
    const image = await stage.ground.database.images.find(stage.owner.actor.organizationId, id)
    const shown = image?.status ?? 'not_found'
    if (shown !== shownStatus(life, id)) throw new Error(`${id} is shown as ${shown}, not ${shownStatus(life, id)}`)
  }
}
