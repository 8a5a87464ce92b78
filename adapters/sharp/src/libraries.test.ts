import { expect, it } from 'vitest'
import { engineVersion, outdatedLibraries, requireSafeLibraries } from './libraries.ts'

it('takes the libraries that are installed', () => {
  expect(requireSafeLibraries).not.toThrow()
})

it('names each library below the known fixes, and a missing one', () => {
  const problems = outdatedLibraries({ vips: '8.18.2', webp: '1.3.10' })
  expect(problems).toEqual(['vips 8.18.2 (at least 8.18.3)', 'heif missing (at least 1.22.0)'])
})

it('names the engine by its revision and libraries', () => {
  expect(engineVersion()).toMatch(/^engine\d+-sharp\d+\.\d+\.\d+-vips\d+\.\d+\.\d+$/)
})
