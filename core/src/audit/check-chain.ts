import { hashEntry, NO_HASH } from './audit-chain.ts'
import type { ChainHead, SealedEntry } from './audit-entry.ts'
import type { AuditStore } from './audit-store.ts'

/** Entries read at a time. */
export const VERIFY_PAGE = 1_000
/** Problems that are told; the rest is only counted. */
export const MAX_CHAIN_PROBLEMS = 100

export interface ChainProblem {
  /** `missing`: numbers are left out. `altered`: the entry is not what was sealed. `unlinked`: what came before it was another entry. */
  kind: 'missing' | 'altered' | 'unlinked' | 'head_differs' | 'truncated'
  seq: number
  /** Of the entry, where there is one. */
  id: string | null
  detail: string
}

export interface ChainReport {
  entries: number
  unsealed: number
  head: ChainHead
  problemCount: number
  problems: readonly ChainProblem[]
}

/**
 * Reads the chain of an organisation from its beginning and computes every hash again, in bounded memory. `heads` are heads that were kept
 * elsewhere, in the program's log for example: only they show that the end of the chain was cut off or all of it was written anew.
 */
export async function checkChain(
  store: Pick<AuditStore, 'listSealed' | 'countUnsealed'>,
  input: { organizationId: string; heads: readonly ChainHead[] },
): Promise<ChainReport> {
  const problems: ChainProblem[] = []
  let problemCount = 0
  const tell = (problem: ChainProblem) => {
    problemCount++
    if (problems.length < MAX_CHAIN_PROBLEMS) problems.push(problem)
  }
  const kept = new Map(input.heads.map(head => [head.seq, head.hash]))
  let head: ChainHead = { seq: 0, hash: NO_HASH }
  let entries = 0
  for (;;) {
    const page = await store.listSealed({
      organizationId: input.organizationId,
      afterSeq: head.seq,
      limit: VERIFY_PAGE,
    })
    for (const entry of page) {
      for (const problem of problemsOf(entry, head, kept.get(entry.seq))) tell(problem)
      kept.delete(entry.seq)
      head = { seq: entry.seq, hash: entry.hash }
    }
    entries += page.length
    if (page.length < VERIFY_PAGE) break
  }
  for (const seq of [...kept.keys()].sort((a, b) => a - b)) tell(cutOff(seq, head))
  return { entries, unsealed: await store.countUnsealed(input.organizationId), head, problemCount, problems }
}

function* problemsOf(entry: SealedEntry, before: ChainHead, keptHash: string | undefined): Generator<ChainProblem> {
  const { seq, id } = entry
  if (seq !== before.seq + 1) {
    const last = seq - 1
    const gone =
      last === before.seq + 1 ? `Entry ${last} is missing.` : `Entries ${before.seq + 1} to ${last} are missing.`
    yield { kind: 'missing', seq: before.seq + 1, id: null, detail: gone }
  } else if (entry.prevHash !== before.hash) {
    const detail = `Entry ${seq} was sealed after another entry than the one that is before it now.`
    yield { kind: 'unlinked', seq, id, detail }
  }
  if (hashEntry(entry, entry) !== entry.hash)
    yield { kind: 'altered', seq, id, detail: `Entry ${seq} is not what was sealed.` }
  if (keptHash !== undefined && keptHash !== entry.hash)
    yield { kind: 'head_differs', seq, id, detail: `Entry ${seq} is not the one whose hash was kept elsewhere.` }
}

const cutOff = (seq: number, head: ChainHead): ChainProblem =>
  seq <= head.seq
    ? { kind: 'head_differs', seq, id: null, detail: `Entry ${seq}, whose hash was kept elsewhere, is not there.` }
    : {
        ...{ kind: 'truncated', seq, id: null },
        detail: `The chain ends at ${head.seq}, although entry ${seq} was there once: its end was cut off.`,
      }
