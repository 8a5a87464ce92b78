import type { Project } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { changeOf, draftOf, newVariant, problemsOf } from './project-draft.ts'

const project: Project = {
  id: 'P',
  organization_id: 'O',
  name: 'Roofs',
  allowed_types: ['image/jpeg', 'image/png'],
  min_bytes: 1,
  max_bytes: 52_428_800,
  max_side: 12_000,
  max_pixels: 100_000_000,
  variants: [
    { name: 'full', width: 1200, height: 1200, fit: 'inside', formats: ['avif', 'webp', 'jpeg'], max_bytes: 102_400 },
  ],
  visibility: 'private',
  retention_days: 7,
  detection_types: [],
  created_at: '2026-11-20T12:00:00.000Z',
}
const draft = draftOf(project)

test('what was not touched is no change, however it is written', () => {
  expect(draft).toMatchObject({ maxMegabytes: '52.4288', maxMegapixels: '100' })
  expect(draft.variants[0]).toMatchObject({ width: '1200', maxKilobytes: '102.4' })
  expect(changeOf(project, draft)).toEqual({})
  expect(changeOf(project, { ...draft, name: ' Roofs ', maxMegabytes: '52,4288' })).toEqual({})
})

test('only what differs is sent, in the units of the server', () => {
  const change = changeOf(project, { ...draft, maxMegabytes: '10', detectionTypes: 'damage, rust  moss' })
  expect(change).toEqual({ max_bytes: 10_000_000, detection_types: ['damage', 'rust', 'moss'] })
})

test('a variant more is the whole new table', () => {
  const variants = [...draft.variants, { ...newVariant('k'), name: 'card', maxKilobytes: '40' }]
  expect(changeOf(project, { ...draft, variants }).variants).toEqual([
    ...project.variants,
    { name: 'card', width: 600, height: 600, fit: 'inside', formats: ['avif', 'webp', 'jpeg'], max_bytes: 40_000 },
  ])
})

test('what is plainly wrong is said at its place', () => {
  expect([...problemsOf(draft)]).toEqual([])
  const wrong = {
    ...draft,
    name: ' ',
    maxMegabytes: 'many',
    retentionDays: '-1',
    variants: [...draft.variants, { ...newVariant('k'), name: 'full' }, { ...newVariant('l'), width: '' }],
  }
  expect([...problemsOf(wrong).keys()]).toEqual([
    'name',
    'max_bytes',
    'retention_days',
    'variants.1.name',
    'variants.2.name',
    'variants.2.width',
  ])
})
