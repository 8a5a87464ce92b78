import fc from 'fast-check'
import type { Fault } from '../faults.ts'
import { DAY, HOUR, MINUTE, SECOND } from './life.ts'
import type { Operation } from './operations.ts'
import type { Step, Story } from './play.ts'

const n = fc.nat(4)
/** Most pictures are the same one, so that they meet. */
const content = fc.constantFrom(0, 0, 0, 1, 1, 2, 3)
const project = fc.constantFrom(0, 0, 1)
const slot = fc.constantFrom(0, 0, 1)
const of = <Op extends string>(...names: Op[]) => fc.constantFrom(...names)

const inTheMiddle: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: of('delete', 'delete', 'restore', 'retry', 'complete'), n }),
  fc.record({ do: of('jobs') }),
  fc.record({ do: of('replace'), project, slot, content }),
  fc.record({ do: of('undo', 'clear'), project, slot }),
)

/** At most one new image: by which of several was made first an observer cannot tell them apart. */
const meanwhile = fc
  .array(inTheMiddle, { minLength: 1, maxLength: 3 })
  .filter(ops => ops.filter(op => op.do === 'replace').length < 2)

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: of('upload'), project, content }) },
  { weight: 3, arbitrary: fc.record({ do: of('begin'), project, announced: fc.option(content) }) },
  { weight: 4, arbitrary: fc.record({ do: of('send', 'put', 'put'), n, content }) },
  { weight: 3, arbitrary: fc.record({ do: of('complete'), n }) },
  { weight: 6, arbitrary: fc.record({ do: of('delete', 'delete', 'restore', 'restore', 'retry'), n }) },
  { weight: 2, arbitrary: fc.record({ do: of('import'), project, url: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ do: of('replace'), project, slot, content }) },
  { weight: 2, arbitrary: fc.record({ do: of('set'), project, slot, n }) },
  { weight: 4, arbitrary: fc.record({ do: of('undo', 'undo', 'clear'), project, slot }) },
  { weight: 2, arbitrary: fc.record({ do: of('hang'), project, content }) },
  { weight: 3, arbitrary: fc.record({ do: of('add', 'add', 'primary', 'takeDown'), project, n }) },
  { weight: 1, arbitrary: fc.record({ do: of('turn', 'deleteEntity'), project }) },
  { weight: 3, arbitrary: fc.record({ do: of('remake'), project }) },
  { weight: 1, arbitrary: fc.record({ do: of('steer'), project, to: of('paused', 'running', 'cancelled') }) },
  { weight: 2, arbitrary: fc.record({ do: of('late'), n: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: of('race'), n, meanwhile }),
  },
  { weight: 6, arbitrary: fc.record({ do: of('jobs', 'jobs', 'jobs', 'jobs', 'lose', 'sweep', 'sweep') }) },
  { weight: 3, arbitrary: fc.record({ do: of('break', 'mend', 'upgrade', 'upgrade') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: of('pass'),
      milliseconds: fc.constantFrom(5 * SECOND, 5 * MINUTE, 3 * HOUR, 3 * HOUR, DAY, 4 * DAY, 8 * DAY),
    }),
  },
)

const fault: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 14 }),
  when: fc.constantFrom('before' as const, 'after' as const),
  kill: fc.boolean(),
})

/** One step in four meets a failure, if it makes so many calls. */
const step: fc.Arbitrary<Step> = fc.record({ op: operation, fault: fc.option(fault, { freq: 3 }) })

const rules = fc.record({
  retentionDays: fc.constantFrom(0, 7, 7),
  visibility: fc.constantFrom('private' as const, 'public' as const),
})

/** Stories of this many steps about two projects; made of a seed, and shortened when they fail. */
export const stories = (steps: { min: number; max: number }): fc.Arbitrary<Story> =>
  fc.record({
    rules: fc.tuple(rules, rules),
    steps: fc.array(step, { minLength: steps.min, maxLength: steps.max, size: 'max' }),
  })
