import { hashSecret } from '@calotype/core'
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth'

const MODEL = 'session'
const FIELD = 'token'

/** Secrets in a condition become their hashes; the library looks sessions up by what the cookie says. */
const hashWhere = (where: Where[]): Where[] =>
  where.map(condition => {
    if (condition.field !== FIELD) return condition
    const { value } = condition
    if (typeof value === 'string') return { ...condition, value: hashSecret(value) }
    return Array.isArray(value) ? { ...condition, value: value.map(each => hashSecret(String(each))) } : condition
  })

const hashQuery = <Query extends { model: string; where?: Where[] | undefined }>(query: Query): Query =>
  query.model === MODEL && query.where ? { ...query, where: hashWhere(query.where) } : query

const textAt = (record: object, field: string): string | null => {
  const found = new Map<string, unknown>(Object.entries(record)).get(field)
  return typeof found === 'string' ? found : null
}

/** The secret that a condition asks for, to be handed back in the row: the library puts it into the cookie again. */
const askedFor = (query: { model: string; where: Where[] }): string | null => {
  if (query.model !== MODEL) return null
  const value = query.where.find(({ field }) => field === FIELD)?.value
  return typeof value === 'string' ? value : null
}

/** A row as the library expects it; its type does not tell that a session has a token. */
const withToken = <Row>(row: Row, token: string | null): Row =>
  row !== null && typeof row === 'object' && token !== null ? ({ ...row, [FIELD]: token } as Row) : row

function hashOperations(adapter: DBTransactionAdapter): DBTransactionAdapter {
  return {
    ...adapter,
    create: async query => {
      const token = query.model === MODEL ? textAt(query.data, FIELD) : null
      if (token === null) return adapter.create(query)
      return withToken(await adapter.create({ ...query, data: { ...query.data, [FIELD]: hashSecret(token) } }), token)
    },
    findOne: async query => withToken(await adapter.findOne(hashQuery(query)), askedFor(query)),
    findMany: query => adapter.findMany(hashQuery(query)),
    count: query => adapter.count(hashQuery(query)),
    update: async query => withToken(await adapter.update(hashQuery(query)), askedFor(query)),
    updateMany: query => adapter.updateMany(hashQuery(query)),
    delete: query => adapter.delete(hashQuery(query)),
    deleteMany: query => adapter.deleteMany(hashQuery(query)),
    consumeOne: async query => withToken(await adapter.consumeOne(hashQuery(query)), askedFor(query)),
  }
}

/**
 * The library keeps session secrets in clear. Here the database gets their SHA-256, so that a dump opens no session even together with
 * the key that signs cookies. Rows that were not asked for by their secret come back with the hash.
 */
export const hashSessionTokens = (adapter: DBAdapter): DBAdapter => ({
  ...hashOperations(adapter),
  transaction: work => adapter.transaction(inside => work(hashOperations(inside))),
})
