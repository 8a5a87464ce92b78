import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesETag, parseRange } from './ranges.ts'

describe('a range', () => {
  it.each([
    [undefined, null],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=0-1000', { start: 0, end: 99 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    [' bytes=99-99 ', { start: 99, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=', null],
    ['bytes=0-1,3-4', null],
    ['bytes=a-b', null],
    ['bytes 0-1', null],
    ['pages=0-1', null],
    ['bytes=0-1\r\n', { start: 0, end: 1 }],
    [`bytes=0-${'9'.repeat(16)}`, null],
    ['bytes=-1-2', null],
  ])('%j of 100 bytes is %j', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected)
  })

  it('of nothing is nothing', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable')
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable')
    expect(parseRange(undefined, 0)).toBeNull()
  })

  it('lies within the object, whatever is asked for', () => {
    const number = fc.oneof(fc.constant(''), fc.nat({ max: 300 }).map(String), fc.nat().map(String))
    const header = fc.oneof(
      fc.string(),
      fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
    )
    fc.assert(
      fc.property(header, fc.nat({ max: 200 }), (text, size) => {
        const range = parseRange(text, size)
        if (range === null || range === 'unsatisfiable') return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.end).toBeGreaterThanOrEqual(range.start)
        expect(range.end).toBeLessThan(size)
      }),
      { numRuns: 100 },
    )
  })
})

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['*', true],
    ['"b", "a"', true],
    ['"b"', false],
    ['a', false],
    ['"a', false],
    ['', false],
  ])('%j meets "a": %s', (header, expected) => {
    expect(matchesETag(header, '"a"')).toBe(expected)
  })
})
