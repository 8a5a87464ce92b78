import { credential } from './access/credential.ts'
import { accessRequests } from './access/requests.ts'
import { delivery } from './delivery.ts'
import { hostile } from './hostile/hostile.ts'
import { describeMachine } from './machine.ts'
import { memory } from './memory.ts'
import { reconcile } from './reconcile.ts'
import { sharedCache } from './shared-cache.ts'
import { sign } from './sign.ts'
import { start } from './start.ts'
import { telemetry } from './telemetry.ts'
import { upload } from './upload.ts'

const BENCHES: Record<string, () => Promise<void>> = {
  start,
  upload,
  memory,
  delivery,
  hostile,
  access: accessRequests,
  credential,
  sign,
  reconcile,
  'shared-cache': sharedCache,
  telemetry,
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter(name => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}

console.log(describeMachine())
for (const [name, bench] of Object.entries(BENCHES)) if (chosen.length === 0 || chosen.includes(name)) await bench()
