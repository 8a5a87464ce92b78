import { startJobRunner } from '../job-runner.ts'
import { silentLog } from './test-world.ts'

// A program whose job never ends; its test kills it.
const [host = '', port = '', user = '', database = ''] = process.argv.slice(2)
const nothing = async () => {}

await startJobRunner({
  handle: { connection: { host, port: Number(port), user, database } },
  handlers: {
    'image.process': () => {
      process.stdout.write('begun\n')
      return new Promise(() => {})
    },
    'image.received': nothing,
    'image.purge': nothing,
    'image.import': nothing,
    'image.remake': nothing,
    'remake.advance': nothing,
    'remake.retire': nothing,
    'tombstones.purge': nothing,
    'tombstones.withdraw': nothing,
    'project.remove': nothing,
    'organization.remove': nothing,
    'pipeline.relay': nothing,
    'mail.send': nothing,
    'slot.settle': async () => {},
    'image.mend': nothing,
    'care.reconcile': nothing,
    'audit.seal': nothing,
    'audit.heads': nothing,
    'care.sweep': nothing,
  },
  concurrency: 1,
  unlockAllOnStart: false,
  log: silentLog,
})
