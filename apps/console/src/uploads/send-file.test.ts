import { CalotypeError, type Image } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { createFileSender, RESUMABLE_FROM_BYTES } from './send-file.ts'

const fileOf = (size: number, type = 'image/jpeg'): File =>
  Object.defineProperty(new File(['x'], 'a.jpg', { type }), 'size', { value: size })
const failure = (status: number) => new CalotypeError({ code: 'x', status, detail: '' })
const options = { projectId: 'P', onProgress: () => {}, signal: new AbortController().signal }

function harness() {
  const calls: string[] = []
  const failures: Error[] = []
  // Nobody looks at the image here.
  const image = { id: 'A' } as Image
  const send = createFileSender({
    upload: async () => {
      calls.push('whole')
      return image
    },
    uploadResumable: async (_file, { resume, onBegun } = {}) => {
      calls.push(`pieces from ${resume ?? 'the beginning'}`)
      onBegun?.('A')
      const [error] = failures.splice(0, 1)
      if (error) throw error
      return image
    },
  })
  return { calls, failures, send }
}

test('only large files of a known type go in pieces', async () => {
  const { calls, send } = harness()
  await send(fileOf(RESUMABLE_FROM_BYTES - 1), options)
  await send(fileOf(RESUMABLE_FROM_BYTES, ''), options)
  await send(fileOf(RESUMABLE_FROM_BYTES), options)
  expect(calls).toEqual(['whole', 'whole', 'pieces from the beginning'])
})

test('what was cut off goes on, what was refused begins anew', async () => {
  const { calls, failures, send } = harness()
  const file = fileOf(RESUMABLE_FROM_BYTES)
  failures.push(failure(0), failure(410))
  for (const code of ['x', 'x']) await expect(send(file, options)).rejects.toMatchObject({ code })
  await send(file, options)
  expect(calls).toEqual(['pieces from the beginning', 'pieces from A', 'pieces from the beginning'])
})
