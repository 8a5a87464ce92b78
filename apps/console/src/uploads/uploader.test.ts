import { CalotypeError, type Image, type Project } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { failureOf } from '../words/failures.ts'
import { createUploader } from './uploader.ts'

const file = (name: string) => new File(['pixels'], name, { type: 'image/jpeg' })
const settle = () => new Promise(resolve => setTimeout(resolve, 5))

function harness(parallel = 2) {
  const sending = new Map<string, { resolve: () => void; reject: (error: unknown) => void; signal: AbortSignal }>()
  const arrived: string[] = []
  const uploader = createUploader({
    parallel,
    check: ({ name }) => (name.endsWith('.pdf') ? failureOf('unsupported_media_type', 'No.') : null),
    onArrived: ({ file_name }) => arrived.push(file_name),
    send: ({ name }, { signal }) =>
      new Promise<Image>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        sending.set(name, { resolve: () => resolve(imageNamed(name)), reject, signal })
      }),
  })
  const states = () => uploader.state().uploads.map(({ name, state }) => `${name} ${state}`)
  return { uploader, sending, arrived, states }
}

/** Only its id matters here. */
const project = { id: 'P' } as Project

/** Only the name matters here. */
const imageNamed = (file_name: string) => ({ file_name }) as Image

test('only so many are sent at once, the next ones follow', async () => {
  const { uploader, sending, arrived, states } = harness()
  uploader.add(['a', 'b', 'c'].map(file), project)
  expect(states()).toEqual(['a sending', 'b sending', 'c waiting'])
  sending.get('a')?.resolve()
  await settle()
  expect(arrived).toEqual(['a'])
  expect(states()).toEqual(['b sending', 'c sending'])
})

test('what would be refused is not sent', () => {
  const { uploader, sending, states } = harness()
  uploader.add([file('x.pdf'), file('a')], project)
  expect(states()).toEqual(['x.pdf failed', 'a sending'])
  expect([...sending.keys()]).toEqual(['a'])
})

test('a failure is kept with its words and can be tried again', async () => {
  const { uploader, sending, states } = harness(1)
  uploader.add([file('a'), file('b')], project)
  sending.get('a')?.reject(new CalotypeError({ code: 'overloaded', status: 503, detail: 'Busy.' }))
  await settle()
  expect(states()).toEqual(['a failed', 'b sending'])
  uploader.retryAll()
  sending.get('b')?.resolve()
  await settle()
  expect(states()).toEqual(['a sending'])
})

test('cancelling stops the request and makes room', async () => {
  const { uploader, sending, states } = harness(1)
  uploader.add([file('a'), file('b')], project)
  uploader.remove(['upload-1'])
  await settle()
  expect(sending.get('a')?.signal.aborted).toBe(true)
  expect(states()).toEqual(['b sending'])
  uploader.cancelAll()
  expect(states()).toEqual([])
})
