import { expect, it } from 'vitest'
import { createClosers } from './closers.ts'

it('undoes in reverse order, once, however often it is asked', async () => {
  const closers = createClosers()
  const undone: number[] = []
  for (const step of [1, 2, 3]) closers.add(async () => void undone.push(step))
  await Promise.all([closers.close(), closers.close()])
  await closers.close()
  expect(undone).toEqual([3, 2, 1])
})

it('undoes the rest when one step fails, and says so', async () => {
  const closers = createClosers()
  const undone: number[] = []
  closers.add(async () => void undone.push(1))
  closers.add(() => Promise.reject(new Error('stuck')))
  closers.add(async () => void undone.push(3))
  await expect(closers.close()).rejects.toMatchObject({ errors: [{ message: 'stuck' }] })
  expect(undone).toEqual([3, 1])
})
