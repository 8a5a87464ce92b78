import { foreignLines, unsupportedLines } from '../../storage-settings-report.ts'
import { type Check, failed, ok, skipped } from '../check.ts'

export const bucketSettings: Check = {
  name: 'bucket settings',
  needs: ['storage'],
  advice: 'Run `storage apply`; `storage apply --dry-run` shows what it would change.',
  run: async ({ bucket }) => {
    if ('missing' in bucket) return skipped(bucket.missing)
    const { differences, unsupported } = await bucket.part.check()
    const ours = differences.filter(each => each.ours).map(({ part, is, wanted }) => `${part}: ${is}, wanted ${wanted}`)
    const foreign = foreignLines(differences)
    if (ours.length > 0) return failed([...ours, ...foreign].join('; '))
    if (foreign.length > 0)
      return failed(foreign.join(' '), 'Change it by hand: Calotype leaves rules of others alone.')
    return ok(['CORS and lifecycle rules are as wanted', ...unsupportedLines(unsupported)].join('. '))
  },
}
