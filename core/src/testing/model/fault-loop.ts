import type { Fault } from '../faults.ts'
import { createTestClock } from '../test-clock.ts'
import { createMemoryGround } from './grounds.ts'
import { findBreaches, findUnrest, keptBySweep } from './invariants.ts'
import { DAY, HOUR, type Life, MINUTE } from './life.ts'
import { observe } from './observe.ts'
import type { Operation } from './operations.ts'
import { perform, runSweep } from './perform.ts'
import { createStage, mortalHandlers, type Stage } from './stage.ts'

/** Something that is done in a prepared place, and whose every call to the outside is made to fail. */
export interface Scene {
  visibility: 'private' | 'public'
  before: (stage: Stage) => Promise<void>
  act: (stage: Stage, isDead: () => boolean) => Promise<void>
  /** It makes at least this many calls, or the loop looks at nothing. */
  calls: number
}

const WAYS = [
  { when: 'before' as const, kill: false },
  { when: 'after' as const, kill: false },
  { when: 'before' as const, kill: true },
  { when: 'after' as const, kill: true },
]
const MAX_CALLS = 200

/** Runs the scene once for each of its calls and each way in which a call goes wrong, until it is clean. Rejects with what is not in order. */
export async function everyFaultOf(scene: Scene): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const way of WAYS)
    for (let call = 1; call <= MAX_CALLS; call++) {
      const fault = { ...way, call }
      if (!(await runWith(scene, fault))) break
      faults.push(fault)
    }
  return faults
}

/** Resolves with false when the scene was over before its call was made. */
async function runWith(scene: Scene, fault: Fault): Promise<boolean> {
  const clock = createTestClock()
  const stage = await createStage(createMemoryGround(clock), clock, [
    { retentionDays: 7, visibility: scene.visibility },
  ])
  await scene.before(stage)
  const { faults } = stage
  faults.revive()
  faults.plan(fault)
  const [settled] = await Promise.allSettled([scene.act(stage, () => faults.struck && fault.kill)])
  if (!faults.struck) {
    if (settled.status === 'rejected') throw settled.reason
    faults.revive()
    expectNone('without any failure, and without a sweep', await findLeftovers(stage))
    return false
  }
  const name = `after a ${fault.kill ? 'kill' : 'failure'} ${fault.when} call ${fault.call}, ${faults.calls.at(-1)}`
  faults.revive()
  const breaches = [...findBreaches(await observe(stage), NEVER), ...(await putInOrder(stage))]
  expectNone(name, breaches)
  return true
}

function expectNone(when: string, breaches: readonly string[]): void {
  if (breaches.length > 0) throw new Error(`${when}:\n${breaches.join('\n')}`)
}

/** A verb to which nothing happens leaves nothing for the care. */
async function findLeftovers(stage: Stage): Promise<string[]> {
  stage.clock.advance(DAY)
  await runJobs(stage)
  const seen = await observe(stage)
  return [...findBreaches(seen, NEVER), ...findUnrest(seen)]
}

const NEVER = { at: Number.NEGATIVE_INFINITY, kept: [] }

/** A restart, after which the jobs go on, and one sweep beyond the grace with what it brings about. Resolves with what is wrong even then. */
async function putInOrder(stage: Stage): Promise<string[]> {
  stage.clock.advance(5 * MINUTE)
  await runJobs(stage)
  stage.clock.advance(2 * HOUR)
  await runSweep(stage)
  const swept = { at: stage.clock.now().getTime(), kept: keptBySweep(await observe(stage)) }
  await runJobs(stage)
  const breaches = findBreaches(await observe(stage), swept)
  stage.clock.advance(DAY)
  await runJobs(stage)
  const seen = await observe(stage)
  return [...breaches, ...findBreaches(seen, swept), ...findUnrest(seen)]
}

const runJobs = (stage: Stage, isDead = () => false) => stage.ground.runDue(mortalHandlers(stage, isDead))

const NO_LIFE: Life = {
  ...{ now: 0, projects: [], web: {}, damaged: [], engineWorks: true, version: 1, pictures: [], originals: [] },
  ...{ jobs: [], past: [], emptied: {}, retired: [], places: [], shelves: [], runs: [] },
}

/** Does it as a caller does, who sees an error and goes home. */
async function does(stage: Stage, ...ops: readonly Operation[]): Promise<void> {
  for (const op of ops) {
    const ids = (await observe(stage)).pictures.map(each => each.id)
    await perform(stage, op, { ids }, NO_LIFE)
  }
}

const upload: Operation = { do: 'upload', project: 0, content: 0 }
const begun: Operation = { do: 'begin', project: 0, announced: null }
const ready = (stage: Stage) => does(stage, upload, { do: 'jobs' })
const deleted = async (stage: Stage) => {
  await ready(stage)
  await does(stage, { do: 'delete', n: 0 }, { do: 'jobs' })
}

/** One operation under failure, and the jobs that follow from it. */
const acting = (op: Operation) => async (stage: Stage, isDead: () => boolean) => {
  const ids = (await observe(stage)).pictures.map(each => each.id)
  await perform(stage, op, { ids }, NO_LIFE, 'planned')
  if (!isDead()) await runJobs(stage, isDead)
}

const MOVE_IN: Operation = { do: 'replace', project: 0, slot: 0, content: 0 }
const filled = (stage: Stage) => does(stage, MOVE_IN, { do: 'jobs' })
const replaced = async (stage: Stage) => {
  await filled(stage)
  await does(stage, { ...MOVE_IN, content: 1 }, { do: 'jobs' }, { do: 'pass', milliseconds: MINUTE }, { do: 'jobs' })
}

/** The same, and what is to follow after a while. */
const actingLonger =
  (op: Operation, milliseconds: number): Scene['act'] =>
  async (stage, isDead) => {
    await acting(op)(stage, isDead)
    stage.clock.advance(milliseconds)
    if (!isDead()) await runJobs(stage, isDead)
  }

const both = (visibility: 'private' | 'public', scene: Omit<Scene, 'visibility'>): Scene => ({ visibility, ...scene })

/** What people do with images, each from the first call to the last job. */
export const SCENES: Readonly<Record<string, Scene>> = {
  upload: both('private', { before: async () => {}, act: acting(upload), calls: 8 }),
  'an upload of the same bytes': both('private', { before: ready, act: acting(upload), calls: 3 }),
  'an upload of damaged bytes': both('private', {
    before: async () => {},
    act: acting({ do: 'upload', project: 0, content: 3 }),
    calls: 8,
  }),
  'bytes at an upload URL': both('private', {
    before: stage => does(stage, begun),
    act: acting({ do: 'send', n: 0, content: 0 }),
    calls: 3,
  }),
  complete: both('private', {
    before: stage => does(stage, begun, { do: 'put', n: 0, content: 0 }),
    act: acting({ do: 'complete', n: 0 }),
    calls: 8,
  }),
  process: both('private', {
    before: stage => does(stage, upload),
    act: (stage, isDead) => runJobs(stage, isDead).then(() => {}),
    calls: 6,
  }),
  'an import': both('private', {
    before: async () => {},
    act: acting({ do: 'import', project: 0, url: 0 }),
    calls: 8,
  }),
  'a delete': both('private', { before: ready, act: acting({ do: 'delete', n: 0 }), calls: 2 }),
  'a delete of what is public': both('public', { before: ready, act: acting({ do: 'delete', n: 0 }), calls: 4 }),
  'a restore': both('private', { before: deleted, act: acting({ do: 'restore', n: 0 }), calls: 1 }),
  'a restore of what was public': both('public', { before: deleted, act: acting({ do: 'restore', n: 0 }), calls: 6 }),
  'the end of the retention': both('private', {
    before: async stage => {
      await deleted(stage)
      stage.clock.advance(8 * DAY)
    },
    act: (stage, isDead) => runJobs(stage, isDead).then(() => {}),
    calls: 5,
  }),
  'the replacement of a slot': both('private', {
    before: filled,
    act: actingLonger({ ...MOVE_IN, content: 1 }, MINUTE),
    calls: 10,
  }),
  'the undo of a slot': both('public', {
    before: replaced,
    act: actingLonger({ do: 'undo', project: 0, slot: 0 }, MINUTE),
    calls: 8,
  }),
  'the delete of an entity': both('public', {
    before: replaced,
    act: acting({ do: 'deleteEntity', project: 0 }),
    calls: 3,
  }),
  reprocess: both('private', {
    before: async stage => {
      await ready(stage)
      await does(stage, { do: 'upgrade' })
    },
    act: actingLonger({ do: 'remake', project: 0 }, HOUR),
    calls: 8,
  }),
}
