import { describe, expect, it } from 'vitest'
import type { BlobInfo } from '../../blob-store.ts'
import { compareStreams } from './compare-streams.ts'
import { judge } from './judge.ts'
import { readReferences } from './read-references.ts'
import type { Reference } from './reconcile-store.ts'
import { isOurs, prefixesOf, projectOf, rangeOf, type Scope } from './scope.ts'

const CUT_OFF = new Date('2026-03-01T12:00:00.000Z')
const LATER = new Date(CUT_OFF.getTime() + 1)
const SCOPE: Scope = { projectIds: new Set(['p1', 'p2']), unowned: false }
const EVERYTHING: Scope = { ...SCOPE, unowned: true }
const KEY = 'private/p1/i/r/full.avif'

const objectOf = (change: Partial<BlobInfo> = {}): BlobInfo => ({
  ...{ key: KEY, sizeBytes: 10, modifiedAt: CUT_OFF },
  ...change,
})
const rowOf = (change: Partial<Reference> = {}): Reference => ({
  ...{ key: KEY, projectId: 'p1', imageId: 'i', role: 'variant', sizeBytes: 10, createdAt: CUT_OFF, state: 'ready' },
  ...change,
})
const original = (change: Partial<Reference> = {}) =>
  rowOf({ imageId: null, role: 'original', state: 'live', ...change })
const kinds = (object: BlobInfo | null, references: readonly Reference[], scope = SCOPE) =>
  judge({ key: object?.key ?? KEY, object, references }, scope, CUT_OFF).map(finding => finding.kind)

describe('what is wrong with a key', () => {
  it('is nothing where both sides agree', () => {
    expect(kinds(objectOf(), [rowOf()])).toEqual([])
    expect(kinds(objectOf(), [original()])).toEqual([])
    expect(kinds(null, [])).toEqual([])
  })

  it('is an object that nothing refers to, once it is old enough', () => {
    expect(judge({ key: KEY, object: objectOf(), references: [] }, SCOPE, CUT_OFF)).toEqual([
      {
        ...{ kind: 'unreferenced', key: KEY, projectId: 'p1', imageId: null },
        ...{ expectedBytes: null, actualBytes: 10, outcome: 'found' },
      },
    ])
    expect(kinds(objectOf({ modifiedAt: LATER }), [])).toEqual([])
  })

  it('is nobody else’s object, unless everything is looked at', () => {
    for (const key of ['private/p3/i/r/full.avif', 'uploads/x', 'public']) {
      expect(kinds(objectOf({ key }), [])).toEqual([])
      expect(kinds(objectOf({ key }), [], EVERYTHING)).toEqual(['unreferenced'])
    }
  })

  it('is an original or a variant that is not there, once its row is old enough', () => {
    expect(kinds(null, [original()])).toEqual(['missing_original'])
    expect(kinds(null, [rowOf()])).toEqual(['missing_variant'])
    expect(kinds(null, [original({ createdAt: LATER })])).toEqual([])
    expect(kinds(null, [rowOf({ createdAt: LATER })])).toEqual([])
    expect(kinds(null, [rowOf({ projectId: 'p3' })])).toEqual([])
  })

  it('is nothing of what is on its way in or out', () => {
    expect(kinds(null, [original({ state: 'purging' })])).toEqual([])
    expect(kinds(null, [rowOf({ role: 'upload', state: 'pending_upload', sizeBytes: null })])).toEqual([])
    for (const state of ['deleted', 'uploaded', 'processing', 'failed'] as const)
      expect(kinds(null, [rowOf({ state })])).toEqual([])
    expect(kinds(objectOf(), [rowOf({ role: 'upload', state: 'pending_upload', sizeBytes: null })])).toEqual([])
  })

  it('is a size that was not written', () => {
    expect(kinds(objectOf({ sizeBytes: 9 }), [rowOf()])).toEqual(['wrong_size'])
    expect(judge({ key: KEY, object: objectOf({ sizeBytes: 9 }), references: [original()] }, SCOPE, CUT_OFF)).toEqual([
      {
        ...{ kind: 'wrong_size', key: KEY, projectId: 'p1', imageId: null },
        ...{ expectedBytes: 10, actualBytes: 9, outcome: 'found' },
      },
    ])
    expect(kinds(objectOf({ sizeBytes: 9, modifiedAt: LATER }), [rowOf()])).toEqual([])
    expect(kinds(objectOf({ sizeBytes: 9 }), [rowOf({ state: 'deleted' })])).toEqual([])
  })

  it('is told for each row of a key', () => {
    const rows = [original(), original({ projectId: 'p2' }), original({ projectId: 'p3' })]
    expect(judge({ key: KEY, object: null, references: rows }, SCOPE, CUT_OFF).map(each => each.projectId)).toEqual([
      'p1',
      'p2',
    ])
  })
})

describe('the scope of a run', () => {
  it('is listed by prefixes in byte order', () => {
    const scope = { projectIds: new Set(['p2', 'p1']), unowned: false }
    const prefixes = ['private/p1/', 'private/p2/', 'public/p1/', 'public/p2/', 'uploads/']
    expect(prefixesOf(scope)).toEqual(prefixes)
    expect(prefixesOf({ ...scope, unowned: true })).toEqual(['private/', 'public/', 'uploads/'])
    expect([...prefixes].sort()).toEqual(prefixes)
    const { after, before } = rangeOf('private/p1/')
    for (const inside of ['private/p1/0', 'private/p1/~']) expect(inside > after && inside < before).toBe(true)
    for (const outside of ['private/p10', 'private/p1-x/y', 'private/p2/'])
      expect(outside > after && outside < before).toBe(false)
  })

  it('knows whose a key is', () => {
    expect(projectOf('public/p1/i/r/x.avif')).toBe('p1')
    expect(projectOf('uploads/x')).toBeNull()
    expect(projectOf('public')).toBeNull()
    expect(isOurs(SCOPE, 'public/p2/x')).toBe(true)
    expect(isOurs(SCOPE, 'uploads/x')).toBe(false)
  })
})

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function compared(objects: readonly string[], rows: readonly string[]) {
  const found: string[] = []
  const stored = streamOf(objects.map(key => objectOf({ key })))
  for await (const { key, object, references } of compareStreams(stored, streamOf(rows.map(key => rowOf({ key })))))
    found.push(`${key}${object ? '+' : '-'}${references.length}`)
  return found
}

describe('two streams', () => {
  it('are merged key by key, whichever ends first', async () => {
    expect(await compared(['a', 'b', 'd'], ['b', 'b', 'c', 'd', 'e', 'e'])).toEqual(['a+0', 'b+2', 'c-1', 'd+1', 'e-2'])
    expect(await compared(['a'], [])).toEqual(['a+0'])
    expect(await compared([], ['a'])).toEqual(['a-1'])
    expect(await compared([], [])).toEqual([])
  })

  it('are refused out of order', async () => {
    await expect(compared(['b', 'a'], [])).rejects.toThrow('storage are not in byte order: a came after b')
    await expect(compared([], ['b', 'a'])).rejects.toThrow('the database are not in byte order')
  })

  it('are closed when nobody wants more', async () => {
    let closed = 0
    async function* endless<T>(make: (at: number) => T): AsyncGenerator<T> {
      try {
        for (let at = 1; ; at++) yield make(at)
      } finally {
        closed++
      }
    }
    const key = (at: number) => String(at).padStart(9, '0')
    const both = compareStreams(
      endless(at => objectOf({ key: key(at) })),
      endless(at => rowOf({ key: key(at) })),
    )
    for await (const comparison of both) if (comparison.key === key(5)) break
    expect(closed).toBe(2)
  })

  it('read rows a page at a time, never half of a key', async () => {
    const keys = ['a', 'b', 'b', 'b', 'c', 'd', 'd', 'e', 'f', 'f', 'f']
    const pages: number[] = []
    const store = {
      listReferences: async ({ after, before }: { after: string; before: string }, limit: number) => {
        const page = keys.filter(key => key > after && key < before).slice(0, limit)
        pages.push(page.length)
        return page.map(key => rowOf({ key }))
      },
    }
    const read = async (size: number) => {
      const found: string[] = []
      for await (const row of readReferences(store, { after: '', before: '~' }, size)) found.push(row.key)
      return found
    }
    for (const size of [4, 5, 6, 11, 12]) expect(await read(size)).toEqual(keys)
    await expect(read(3)).rejects.toThrow('More rows refer to b than fit on a page')
    expect(Math.max(...pages)).toBeLessThanOrEqual(12)
  })
})
