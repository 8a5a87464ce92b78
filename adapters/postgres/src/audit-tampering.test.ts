import { checkChain, HEAD_PAGE, listAuditHeads, newId, sealAudit } from '@calotype/core'
import { seedProject } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from './testing/test-database.ts'

describe('the audit log in PostgreSQL', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  beforeAll(async () => {
    opened = await openTestDatabase()
  })
  afterAll(() => opened.close())

  async function chain(length = 6) {
    const { organizationId } = await seedProject(opened.database)
    const entry = (at: number) => ({
      ...{ organizationId, id: `01${String(at).padStart(24, '0')}`, at: new Date('2026-03-01T12:00:00.123Z') },
      ...{ action: 'image.deleted' as const, actor: { kind: 'user' as const, id: 'u' }, projectId: null },
      ...{ subject: null, detail: `Image ${at}\u0000 was deleted`, ip: null, requestId: 'r' },
    })
    await opened.database.audit.add(Array.from({ length }, (_, at) => entry(at + 1)))
    await sealAudit(opened)
    const { head, problemCount } = await checkChain(opened.database.audit, { organizationId, heads: [] })
    expect(problemCount).toBe(0)
    return { organizationId, head, entry }
  }

  /** What whoever owns the database can do: nothing stops them, and so it has to show. */
  async function tamper(sql: string, organizationId: string) {
    await opened.test.query('alter table audit_entries disable trigger user')
    const inline = sql.startsWith('do ')
    await opened.test.query(inline ? sql.replaceAll('$1', organizationId) : sql, inline ? [] : [organizationId])
    await opened.test.query('alter table audit_entries enable trigger user')
  }

  const kinds = async (organizationId: string, heads: ReadonlyArray<{ seq: number; hash: string }> = []) => {
    const { problems } = await checkChain(opened.database.audit, { organizationId, heads })
    return problems.map(({ kind, seq }) => `${kind} ${seq}`)
  }

  it('refuses every change and every removal', async () => {
    const { organizationId, entry } = await chain()
    await opened.database.audit.add([entry(9)])
    for (const sql of [
      `update audit_entries set detail = 'nothing' where organization_id = $1`,
      `update audit_entries set detail = 'nothing' where organization_id = $1 and seq is null`,
      `update audit_entries set seq = null, prev_hash = null, hash = null where organization_id = $1 and seq = 1`,
      `update audit_entries set seq = 99, prev_hash = repeat('0', 64), hash = repeat('0', 64), detail = 'x'
        where organization_id = $1 and seq is null`,
      'delete from audit_entries where organization_id = $1',
      'delete from audit_entries where organization_id = $1 and seq is null',
    ])
      await expect(opened.test.query(sql, [organizationId])).rejects.toThrow('append-only')
    await expect(opened.test.query('truncate audit_entries')).rejects.toThrow('append-only')
    await expect(opened.test.query('truncate organizations cascade')).rejects.toThrow('append-only')
    expect(await opened.database.audit.countUnsealed(organizationId)).toBe(1)
    expect(await kinds(organizationId)).toEqual([])
  })

  it.each([
    ['altered', `update audit_entries set detail = 'nothing' where organization_id = $1 and seq = 3`, ['altered 3']],
    [
      'altered in time',
      `update audit_entries set at = at + interval '1 ms' where organization_id = $1 and seq = 3`,
      ['altered 3'],
    ],
    ['missing', 'delete from audit_entries where organization_id = $1 and seq = 3', ['missing 3']],
    [
      'taken out, the rest numbered anew',
      `do $do$ begin
         delete from audit_entries where organization_id = '$1' and seq = 3;
         for n in 4..6 loop
           update audit_entries set seq = n - 1 where organization_id = '$1' and seq = n;
         end loop;
       end $do$`,
      ['unlinked 3', 'altered 3', 'altered 4', 'altered 5'],
    ],
    [
      'moved',
      `with later as (update audit_entries set seq = seq + 100 where organization_id = $1 and seq = 2 returning 1)
       select count(*) from later`,
      ['missing 2', 'missing 7', 'altered 102'],
    ],
    [
      'put in',
      `insert into audit_entries select organization_id, $1 || 'x', at, action, actor_kind, actor_id, project_id, subject,
         'put in', ip, request_id, 7, repeat('1', 64), repeat('2', 64) from audit_entries where organization_id = $1 and seq = 1`,
      ['unlinked 7', 'altered 7'],
    ],
  ])('shows an entry that was %s', async (_name, sql, expected) => {
    const { organizationId } = await chain()
    await tamper(sql, organizationId)
    expect(await kinds(organizationId)).toEqual(expected)
  })

  it('shows an end that was cut off, by a head from the log', async () => {
    const { organizationId, head } = await chain()
    const heads = []
    for await (const each of listAuditHeads(opened)) if (each.organizationId === organizationId) heads.push(each)
    expect(heads).toEqual([{ organizationId, ...head }])
    await tamper('delete from audit_entries where organization_id = $1 and seq > 4', organizationId)
    expect(await kinds(organizationId)).toEqual([])
    expect(await kinds(organizationId, [head])).toEqual(['truncated 6'])
  })

  it('reads heads page by page', async () => {
    const pages: string[] = []
    const heads = Array.from({ length: HEAD_PAGE + 2 }, () => ({ organizationId: newId(), seq: 1, hash: 'h' }))
    const sorted = heads.sort((a, b) => (a.organizationId < b.organizationId ? -1 : 1))
    const audit = {
      ...opened.database.audit,
      listHeads: async ({ after, limit }: { after: string; limit: number }) => {
        pages.push(after)
        return sorted.filter(head => head.organizationId > after).slice(0, limit)
      },
    }
    const found = []
    for await (const head of listAuditHeads({ database: { audit } })) found.push(head)
    expect(found).toEqual(sorted)
    expect(pages).toHaveLength(2)
  })
})
