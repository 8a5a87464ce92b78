import { hashSecret } from '@calotype/core'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { describe, expect, it } from 'vitest'
import { hashSessionTokens } from './hashed-sessions.ts'

interface Row {
  id: string
  token: string
  userId: string
}

function scene() {
  const tables: Record<string, Row[]> = { session: [], user: [], account: [], verification: [] }
  const adapter = hashSessionTokens(memoryAdapter(tables)({}))
  const at = new Date()
  const add = (token: string) =>
    adapter.create<Record<string, unknown>, Row>({
      model: 'session',
      data: { token, userId: 'ada', expiresAt: at, createdAt: at, updatedAt: at },
    })
  const where = (value: string | string[]) => [
    {
      field: 'token',
      value,
      operator: Array.isArray(value) ? ('in' as const) : ('eq' as const),
      connector: 'AND' as const,
    },
  ]
  const stored = () => tables.session?.map(row => row.token)
  return { adapter, add, where, stored }
}

describe('a session', () => {
  it('is stored by the hash of its secret, and found, changed and ended by the secret', async () => {
    const { adapter, add, where, stored } = scene()
    expect((await add('first')).token).toBe('first')
    await add('second')
    expect(stored()).toEqual([hashSecret('first'), hashSecret('second')])
    const query = { model: 'session', where: where('first') }
    expect((await adapter.findOne<Row>(query))?.token).toBe('first')
    expect((await adapter.update<Row>({ ...query, update: { userAgent: 'x' } }))?.token).toBe('first')
    expect(await adapter.count(query)).toBe(1)
    expect(await adapter.findMany({ model: 'session', where: where(['first', 'second']) })).toHaveLength(2)
    await adapter.delete(query)
    expect(await adapter.findOne(query)).toBeNull()
    expect(await adapter.deleteMany({ model: 'session', where: where(['second']) })).toBe(1)
    expect(stored()).toEqual([])
  })

  it('is not found by what a dump shows', async () => {
    const { adapter, add, where } = scene()
    await add('first')
    expect(await adapter.findOne({ model: 'session', where: where(hashSecret('first')) })).toBeNull()
  })

  it('is hashed inside of transactions too', async () => {
    const { adapter, where, stored } = scene()
    const at = new Date()
    await adapter.transaction(async inside => {
      const data = { token: 'inside', userId: 'ada', expiresAt: at, createdAt: at, updatedAt: at }
      await inside.create({ model: 'session', data })
      expect((await inside.findOne<Row>({ model: 'session', where: where('inside') }))?.token).toBe('inside')
    })
    expect(stored()).toEqual([hashSecret('inside')])
  })
})
