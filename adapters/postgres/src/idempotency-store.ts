import type { IdempotencyStore, KeyClaim, KeyScope, KnownKey } from '@calotype/core'
import { type Kysely, sql } from 'kysely'
import { toJson } from './clean.ts'
import type { Tables } from './tables.ts'

/** A key may be released between the two looks at it this often. */
const MAX_ROUNDS = 5

export const createPostgresIdempotencyStore = (db: Kysely<Tables>): IdempotencyStore => ({
  async claim(scope, claim) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (await take(db, scope, claim)) return null
      const known = await find(db, scope)
      if (known) return known
    }
    throw new Error('An idempotency key kept appearing and vanishing')
  },

  async settle(scope, token, result) {
    const updated = await db
      .updateTable('idempotency_keys')
      .set({ result: toJson(result) })
      .where('principal', '=', scope.principal)
      .where('route', '=', scope.route)
      .where('key', '=', scope.key)
      .where('token', '=', token)
      .executeTakeFirst()
    return updated.numUpdatedRows > 0n
  },

  async release(scope, token) {
    await db
      .deleteFrom('idempotency_keys')
      .where('principal', '=', scope.principal)
      .where('route', '=', scope.route)
      .where('key', '=', scope.key)
      .where('token', '=', token)
      .where('result', 'is', null)
      .execute()
  },

  async prune(now, keepPerPrincipal) {
    const { numAffectedRows } = await sql`
      delete from idempotency_keys where (principal, route, key) in (
        select principal, route, key from (
          select principal, route, key, expires_at,
            row_number() over (partition by principal order by created_at desc, key) as position
          from idempotency_keys
        ) as listed where expires_at <= ${now} or position > ${keepPerPrincipal}
      )`.execute(db)
    return Number(numAffectedRows ?? 0n)
  },
})

/** One statement, so that one of many takes the key: the others wait for its row and then see it. */
async function take(db: Kysely<Tables>, scope: KeyScope, claim: KeyClaim): Promise<boolean> {
  const { organizationId, requestHash, token, now, leaseUntil, expiresAt } = claim
  const { rows } = await sql`
    insert into idempotency_keys as k
      (organization_id, principal, route, key, request_hash, token, created_at, leased_until, expires_at)
    values (${organizationId}, ${scope.principal}, ${scope.route}, ${scope.key}, ${requestHash}, ${token}, ${now},
      ${leaseUntil}, ${expiresAt})
    on conflict (principal, route, key) do update set
      request_hash = excluded.request_hash, token = excluded.token, result = null,
      created_at = excluded.created_at, leased_until = excluded.leased_until, expires_at = excluded.expires_at
    where k.expires_at <= ${now}
      or (k.result is null and k.leased_until <= ${now} and k.request_hash = excluded.request_hash)
    returning 1 as taken`.execute(db)
  return rows.length > 0
}

async function find(db: Kysely<Tables>, scope: KeyScope): Promise<KnownKey | null> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'result'])
    .where('principal', '=', scope.principal)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .executeTakeFirst()
  return row ? { requestHash: row.request_hash, result: row.result } : null
}
