import { expect, test } from 'vitest'
import { counted, formatBytes, formatDuration, formatPercent, formatSaving, formatSize, savingOf } from './numbers.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('bytes carry a unit and two digits that matter', () => {
  const shown = [0, 1, 999, 1000, 1250, 9_960, 78_211, 999_600, 4_167_727, 52_428_800, 3e9].map(formatBytes).map(plain)
  expect(shown).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1 KB',
    '1.3 KB',
    '10 KB',
    '78 KB',
    '1 MB',
    '4.2 MB',
    '52 MB',
    '3 GB',
  ])
})

test('a saving is only complete when nothing is left', () => {
  expect([98.12, 99.4, 99.97, 99.999, 100].map(formatPercent).map(plain)).toEqual([
    '98 %',
    '99 %',
    '99.9 %',
    '99.9 %',
    '100 %',
  ])
})

test('a larger variant is called larger', () => {
  expect(plain(formatSaving(savingOf(120, 100)))).toBe('20 % larger')
  expect(plain(formatSaving(savingOf(2, 100)))).toBe('98 % saved')
  expect(formatSaving(0.2)).toBe('nothing saved')
})

test('sizes, durations and counts', () => {
  expect(plain(formatSize(1200, 900))).toBe('1200 × 900')
  expect([410, 2100, 42_000, 180_000, 7_200_000].map(formatDuration).map(plain)).toEqual([
    '410 ms',
    '2.1 s',
    '42 s',
    '3 min',
    '2 h',
  ])
  expect([counted(1, 'photo'), counted(1200, 'photo')].map(plain)).toEqual(['1 photo', '1,200 photos'])
})
