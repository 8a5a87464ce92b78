import { expect, it } from 'vitest'
import { createInFlight } from './in-flight.ts'

it('lets so many of one project in and refuses the next, until one has ended', async () => {
  const inFlight = createInFlight(2)
  const gate = Promise.withResolvers<string>()
  const running = [inFlight.hold('a', () => gate.promise), inFlight.hold('a', () => gate.promise)]
  const refused = inFlight.hold('a', async () => 'never')
  await expect(refused).rejects.toMatchObject({ kind: 'overloaded', code: 'overloaded', details: { limit: 2 } })
  expect(await inFlight.hold('b', async () => 'another project')).toBe('another project')
  gate.resolve('done')
  expect(await Promise.all(running)).toEqual(['done', 'done'])
  expect(await inFlight.hold('a', async () => 'in')).toBe('in')
})

it('gives the place back when the work fails', async () => {
  const inFlight = createInFlight(1)
  await expect(inFlight.hold('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await inFlight.hold('a', async () => 'in')).toBe('in')
})
