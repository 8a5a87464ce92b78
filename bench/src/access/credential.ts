import { createHash, randomBytes } from 'node:crypto'
import { findBearer, hashSecret, newId, newSecret, systemClock } from '@calotype/core'
import { createMemoryDatabase, seedProject } from '@calotype/core/testing'
import { createCredentialCache } from '@calotype/server/credential-cache'
import { createKeyUses } from '@calotype/server/key-uses'
import { median, quantile } from '../statistics.ts'
import { printTable } from '../table.ts'

/** Keys in turn, as of many callers. */
const KEYS = 1_000
const WARM_UP = 20_000
const CALLS = 200_000

/** What the check of an API key costs that was seen within the last seconds, beside the least that any check could do. */
export async function credential(): Promise<void> {
  const database = createMemoryDatabase(systemClock)
  const { organizationId } = await seedProject(database)
  const secrets = Array.from({ length: KEYS }, () => newSecret('key'))
  for (const secret of secrets) {
    const row = { id: newId(), organizationId, name: 'key', role: 'owner' as const, keyHash: hashSecret(secret) }
    await database.installation.addApiKey(row)
  }
  const { credentials, organizations, memberships } = database
  const uses = createKeyUses({ credentials, clock: systemClock, onError: error => console.error(error) })
  const tokens = { verify: async () => null }
  let asked = 0
  const cache = createCredentialCache({
    clock: systemClock,
    onUse: actor => uses.note(actor),
    find: bearer => {
      asked += 1
      return findBearer({ credentials, organizations, memberships, tokens }, bearer)
    },
  })
  const known = new Map(secrets.map(secret => [secret, randomBytes(8)]))
  const hashes = new Map(secrets.map(secret => [hashSecret(secret), randomBytes(8)]))
  const rows = [
    row('the check: hash, look-up, note of the use', await time(secrets, secret => cache.find(secret))),
    row('SHA-256 and a Map', await time(secrets, async secret => hashes.get(sha256(secret)))),
    row('a Map alone', await time(secrets, async secret => known.get(secret))),
  ]
  await uses.close()
  printTable(
    `The warm check of an API key, ${CALLS.toLocaleString('en-US')} calls of ${KEYS.toLocaleString('en-US')} keys (aim: 0.2 ms; ${asked.toLocaleString('en-US')} asked the store)`,
    ['', 'median ms', 'p99 ms'],
    rows,
  )
}

const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const row = (name: string, times: readonly number[]): string[] => [
  name,
  median(times).toFixed(4),
  quantile(times, 0.99).toFixed(4),
]

/** Milliseconds of each call, one after the other. */
async function time(secrets: readonly string[], call: (secret: string) => Promise<unknown>): Promise<number[]> {
  for (let index = 0; index < WARM_UP; index++) await call(secrets[index % KEYS] ?? '')
  const times: number[] = []
  for (let index = 0; index < CALLS; index++) {
    const secret = secrets[index % KEYS] ?? ''
    const begun = performance.now()
    await call(secret)
    times.push(performance.now() - begun)
  }
  return times
}
