import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { auditEntry } from '../testing/index.ts'
import { encodeEntry, hashEntry, NO_HASH, sealsAfter } from './audit-chain.ts'
import type { AuditEntry, SealedEntry } from './audit-entry.ts'
import type { AuditStore } from './audit-store.ts'
import { checkChain, MAX_CHAIN_PROBLEMS, VERIFY_PAGE } from './check-chain.ts'

const ORGANIZATION = '01'.padEnd(26, '0')
const entryOf = (at: number): AuditEntry =>
  auditEntry(ORGANIZATION, { id: `02${String(at).padStart(24, '0')}`, actor: { kind: 'user', id: 'u' } })

function chainOf(length: number): SealedEntry[] {
  const entries = Array.from({ length }, (_, at) => entryOf(at))
  const seals = sealsAfter({ seq: 0, hash: NO_HASH }, entries)
  return entries.flatMap((entry, at) => {
    const seal = seals[at]
    return seal ? [{ ...entry, ...seal }] : []
  })
}

const check = (chain: readonly SealedEntry[], heads: ReadonlyArray<{ seq: number; hash: string }> = []) => {
  const pages: number[] = []
  const reads: Pick<AuditStore, 'listSealed' | 'countUnsealed'> = {
    listSealed: async ({ afterSeq, limit }) => {
      const page = chain.filter(entry => entry.seq > afterSeq).slice(0, limit)
      pages.push(page.length)
      return page
    },
    countUnsealed: async () => 4,
  }
  return checkChain(reads, { organizationId: ORGANIZATION, heads }).then(report => ({ ...report, pages }))
}

const kinds = async (...args: Parameters<typeof check>) =>
  (await check(...args)).problems.map(({ kind, seq }) => `${kind} ${seq}`)

it('hashes an entry by the encoding that docs/audit.md tells of', () => {
  const entry = auditEntry(ORGANIZATION, { id: 'ID', actor: { kind: 'api_key', id: 'K' }, detail: 'a "b" é', ip: null })
  const text = `["calotype-audit-1",7,"${NO_HASH}","${ORGANIZATION}","ID","2026-03-01T12:00:00.123Z","image.deleted","api_key","K",null,null,"a \\"b\\" é",null,"request-1"]`
  const at = { seq: 7, prevHash: NO_HASH }
  expect(encodeEntry(entry, at)).toBe(text)
  expect(hashEntry(entry, at)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
})

it('finds nothing in a chain that nobody touched, a page at a time', async () => {
  const chain = chainOf(2 * VERIFY_PAGE + 1)
  const last = chain.at(-1)
  const heads = [chain[9], last].flatMap(entry => (entry ? [{ seq: entry.seq, hash: entry.hash }] : []))
  const report = await check(chain, heads)
  expect(report).toMatchObject({ entries: chain.length, unsealed: 4, problemCount: 0, problems: [] })
  expect(report.head).toEqual({ seq: last?.seq, hash: last?.hash })
  expect(report.pages).toEqual([VERIFY_PAGE, VERIFY_PAGE, 1])
  expect(await check([])).toMatchObject({ entries: 0, head: { seq: 0, hash: NO_HASH } })
})

it.each<Partial<SealedEntry>>([
  { detail: 'Nothing happened' },
  { at: new Date(0) },
  { action: 'image.restored' },
  { actor: { kind: 'service', id: 'u' } },
  { actor: { kind: 'user', id: 'somebody' } },
  { projectId: 'p' },
  { subject: 's' },
  { ip: null },
  { requestId: null },
  { id: 'other' },
  { organizationId: 'other' },
])('finds an entry altered by %o', async change => {
  const chain = chainOf(5)
  expect(await kinds(chain.map(entry => (entry.seq === 3 ? { ...entry, ...change } : entry)))).toEqual(['altered 3'])
})

it('finds one that was altered and sealed anew by its link', async () => {
  const chain = chainOf(5).map(entry => {
    if (entry.seq !== 3) return entry
    const altered = { ...entry, detail: 'Nothing happened' }
    return { ...altered, hash: hashEntry(altered, altered) }
  })
  expect(await kinds(chain)).toEqual(['unlinked 4'])
})

it('finds missing entries', async () => {
  const chain = chainOf(6)
  expect(await kinds(chain.filter(entry => entry.seq !== 3))).toEqual(['missing 3'])
  const { problems } = await check(chain.filter(entry => entry.seq !== 1 && entry.seq !== 2))
  expect(problems.map(problem => problem.detail)).toEqual(['Entries 1 to 2 are missing.'])
})

it('finds one that was taken out, the rest numbered anew', async () => {
  const chain = chainOf(6).filter(entry => entry.seq !== 3)
  const closed = chain.map((entry, at) => ({ ...entry, seq: at + 1 }))
  expect(await kinds(closed)).toEqual(['unlinked 3', 'altered 3', 'altered 4', 'altered 5'])
})

it('finds one that was put in between', async () => {
  const chain = chainOf(4)
  const [before] = chain.slice(1, 2)
  const at = { seq: 3, prevHash: before?.hash ?? '' }
  const extra = { ...entryOf(77), ...at, hash: hashEntry(entryOf(77), at) }
  const later = chain.slice(2).map(entry => ({ ...entry, seq: entry.seq + 1 }))
  expect(await kinds([...chain.slice(0, 2), extra, ...later])).toEqual(['unlinked 4', 'altered 4', 'altered 5'])
})

it('finds two that changed places', async () => {
  const chain = chainOf(5)
  const seqs: Record<number, number> = { 2: 3, 3: 2 }
  const swapped = chain.map(entry => ({ ...entry, seq: seqs[entry.seq] ?? entry.seq })).sort((a, b) => a.seq - b.seq)
  expect(await kinds(swapped)).toEqual(['unlinked 2', 'altered 2', 'unlinked 3', 'altered 3', 'unlinked 4'])
})

it('finds an end that was cut off, and a chain written anew, by heads that were kept elsewhere', async () => {
  const chain = chainOf(5)
  const heads = chain.map(({ seq, hash }) => ({ seq, hash }))
  expect(await kinds(chain.slice(0, 3))).toEqual([])
  expect(await kinds(chain.slice(0, 3), heads)).toEqual(['truncated 4', 'truncated 5'])
  expect(await kinds(chain, [{ seq: 2, hash: NO_HASH }])).toEqual(['head_differs 2'])
  expect(
    await kinds(
      chain.filter(({ seq }) => seq !== 2),
      heads.slice(1, 2),
    ),
  ).toEqual(['missing 2', 'head_differs 2'])
})

it('tells the first problems and counts the rest', async () => {
  const chain = chainOf(MAX_CHAIN_PROBLEMS + 7).map(entry => ({ ...entry, detail: 'x' }))
  const report = await check(chain)
  expect(report.problems).toHaveLength(MAX_CHAIN_PROBLEMS)
  expect(report.problemCount).toBe(MAX_CHAIN_PROBLEMS + 7)
})
