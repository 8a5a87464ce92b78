import { expect, it } from 'vitest'
import { stillTrue } from './confirm.ts'
import type { Finding, Reference } from './reconcile-store.ts'

const CUT_OFF = new Date('2026-03-01T12:00:00.000Z')
const KEY = 'private/p/i/r/full.avif'
const object = { key: KEY, sizeBytes: 10, modifiedAt: CUT_OFF }
const row: Reference = {
  ...{ key: KEY, projectId: 'p', imageId: 'i', role: 'variant', sizeBytes: 10, createdAt: CUT_OFF, state: 'ready' },
}
const round = { run: { cutOff: CUT_OFF }, scope: { projectIds: new Set(['p']), unowned: false } }
const missing: Finding = {
  ...{ kind: 'missing_variant', key: KEY, projectId: 'p', imageId: 'i' },
  ...{ expectedBytes: 10, actualBytes: null, outcome: 'found' },
}
const stray: Finding = { ...missing, kind: 'unreferenced', imageId: null, expectedBytes: null, actualBytes: 10 }

const kindsOf = async (rows: readonly Reference[], finding: Finding, now: typeof object | null, strays: string[]) => {
  const stores = { reconcile: { findReferences: async () => rows } }
  const kept = await stillTrue(stores, round, [{ finding, object: now }], new Set(strays))
  return kept.map(each => each.finding.kind)
}

it('keeps a variant that is missing still, and drops one that came, went with its row, or belongs to another image now', async () => {
  expect(await kindsOf([row], missing, null, [])).toEqual(['missing_variant'])
  expect(await kindsOf([row], missing, object, [])).toEqual([])
  expect(await kindsOf([], missing, null, [])).toEqual([])
  expect(await kindsOf([{ ...row, imageId: 'other' }], missing, null, [])).toEqual([])
  expect(await kindsOf([{ ...row, sizeBytes: 9 }], missing, object, [])).toEqual([])
})

it('keeps a stray only while nothing refers to it', async () => {
  expect(await kindsOf([], stray, object, [KEY])).toEqual(['unreferenced'])
  expect(await kindsOf([], stray, object, [])).toEqual([])
  expect(await kindsOf([row], stray, object, [KEY])).toEqual([])
})
