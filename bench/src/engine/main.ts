import { describeMachine } from '../machine.ts'
import { bytes } from './bytes.ts'
import { cpuAgainstFloor } from './cpu.ts'
import { latency } from './latency.ts'
import { plots } from './plots.ts'
import { rivals } from './rivals.ts'
import { sideBySide } from './side-by-side.ts'
import { throughput } from './throughput.ts'

/** The figures of docs/engine.md: all of them, or those that are named on the command line. */
const FIGURES: Record<string, () => Promise<void>> = {
  cpu: cpuAgainstFloor,
  bytes,
  rivals,
  latency,
  throughput,
  plots,
  'side-by-side': sideBySide,
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter(name => !(name in FIGURES))
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}; there are ${Object.keys(FIGURES).join(', ')}.`)
  process.exit(2)
}

console.log(describeMachine())
for (const [name, figure] of Object.entries(FIGURES)) if (chosen.length === 0 || chosen.includes(name)) await figure()
