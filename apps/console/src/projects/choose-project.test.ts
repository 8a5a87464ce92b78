import type { Project } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { chooseProject } from './choose-project.ts'

/** Only the id decides. */
const project = (id: string, name = id) => ({ id, name }) as Project
const [a, b] = [project('A'), project('B')]

test('the address decides, else the first one', () => {
  expect(chooseProject('B', [a, b], a)).toEqual({ state: 'chosen', project: b })
  expect(chooseProject(undefined, [a, b], a)).toEqual({ state: 'chosen', project: a })
})

test('before the list has come, only the first one is known', () => {
  expect(chooseProject(undefined, undefined, a)).toEqual({ state: 'chosen', project: a })
  expect(chooseProject('A', undefined, a)).toEqual({ state: 'chosen', project: a })
  expect(chooseProject('B', undefined, a)).toEqual({ state: 'waiting' })
})

test('one that is not there, and none at all', () => {
  expect(chooseProject('X', [a, b], a)).toEqual({ state: 'unknown' })
  expect(chooseProject(undefined, [], null)).toEqual({ state: 'none' })
  expect(chooseProject(undefined, undefined, null)).toEqual({ state: 'none' })
})

test('the list knows better than the session: renamed, deleted', () => {
  const renamed = project('A', 'Roofs')
  expect(chooseProject(undefined, [renamed, b], a)).toEqual({ state: 'chosen', project: renamed })
  expect(chooseProject(undefined, [b], a)).toEqual({ state: 'chosen', project: b })
})
