import { type Check, failed, ok, skipped } from '../check.ts'

/** The last one; it runs when the others were stopped, too. */
export const cleanUp: Check = {
  name: 'clean-up',
  needs: ['storage'],
  advice: 'The sweep removes it when ORPHAN_GRACE is over, and so does the next run.',
  run: async ({ storage, probes, clock }) => {
    if ('missing' in storage) return skipped(storage.missing)
    const left = await probes.remove(clock.now())
    return left.length > 0 ? failed(`${left.length} probes are still in storage`) : ok('nothing is left in storage')
  },
}
