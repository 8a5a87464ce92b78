import { expect, test } from 'vitest'
import { matches, putItem, removeItems, type SheetItem, type SheetPage } from './sheet.ts'

const item = (id: string, change: Partial<SheetItem> = {}): SheetItem => ({
  id,
  name: `${id}.jpg`,
  status: 'ready',
  sizeBytes: 1,
  fullBytes: 1,
  savedPercent: 1,
  thumbhash: null,
  color: null,
  failure: null,
  uploadedBy: 'U',
  purgeAt: null,
  ...change,
})
const page = (ids: string, nextCursor: string | null = 'more'): SheetPage => ({
  items: [...ids].map(id => item(id)),
  nextCursor,
})
const ids = (pages: readonly SheetPage[]) => pages.map(({ items }) => items.map(({ id }) => id).join('')).join('|')

test('a known image is replaced where it is', () => {
  const pages = putItem([page('FE'), page('CB')], item('C', { status: 'failed' }), {})
  expect(ids(pages)).toBe('FE|CB')
  expect(pages[1]?.items[0]?.status).toBe('failed')
})

test('a new image is sorted in, newest first', () => {
  expect(ids(putItem([page('FD'), page('CA')], item('G'), {}))).toBe('GFD|CA')
  expect(ids(putItem([page('FD'), page('CA')], item('E'), {}))).toBe('FED|CA')
  expect(ids(putItem([page('FD'), page('CA')], item('B'), {}))).toBe('FD|CBA')
  expect(ids(putItem([page('', null)], item('B'), {}))).toBe('B')
})

test('one that is older than all that is loaded waits for its page, unless there is none', () => {
  expect(ids(putItem([page('FD'), page('CB')], item('A'), {}))).toBe('FD|CB')
  expect(ids(putItem([page('FD'), page('CB', null)], item('A'), {}))).toBe('FD|CBA')
})

test('what no longer fits the filter leaves, what never did does not come', () => {
  const filter = { status: 'ready' } as const
  expect(ids(putItem([page('CB')], item('C', { status: 'failed' }), filter))).toBe('B')
  expect(ids(putItem([page('CB')], item('D', { status: 'failed' }), filter))).toBe('CB')
  expect(matches(item('A', { status: 'deleted' }), {})).toBe(false)
  expect(matches(item('A', { status: 'deleted' }), { status: 'deleted' })).toBe(true)
  expect(matches(item('A', { name: 'Roof.JPG' }), { q: 'roof' })).toBe(true)
})

test('removing leaves the other pages as they are', () => {
  const pages = [page('FE'), page('CB')]
  const after = removeItems(pages, new Set(['C']))
  expect(ids(after)).toBe('FE|B')
  expect(after[0]).toBe(pages[0])
})
