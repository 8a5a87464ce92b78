import { type Check, failed, ok } from '../check.ts'

export const imageEngine: Check = {
  name: 'image engine',
  advice: 'Install the versions of package-lock.json (`npm ci`): hostile files are known to break older ones.',
  run: async ({ engine: { versions, outdated, isolation } }) =>
    outdated.length > 0 ? failed(`too old: ${outdated.join(', ')}`) : ok(`${versions}; isolated by ${isolation}`),
}
