import { expect, test } from 'vitest'
import { placesFor } from './places.ts'

test('who may manage sees all, who may only look sees the account', () => {
  expect(placesFor(['project.manage', 'access.manage']).map(({ label }) => label)).toEqual([
    'Project',
    'Webhooks',
    'Pipeline',
    'Care',
    'Organisation',
    'Members',
    'API keys',
    'Audit',
    'Security log',
    'Account',
  ])
  expect(placesFor(['image.read']).map(({ label }) => label)).toEqual(['Account'])
})
