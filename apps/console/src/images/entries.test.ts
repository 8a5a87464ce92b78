import { expect, test } from 'vitest'
import { failureOf } from '../words/failures.ts'
import { entriesOf, nameOfItem, nameOfUpload, shortenName, uploadWords } from './entries.ts'

const item = {
  id: 'A',
  name: 'roof.jpg',
  status: 'ready' as const,
  sizeBytes: 4_167_727,
  fullBytes: 78_211,
  savedPercent: 98.12,
  thumbhash: null,
  color: null,
  failure: null,
  uploadedBy: 'U',
  purgeAt: null,
}
const upload = {
  key: 'upload-1',
  projectId: 'P',
  name: 'roof.jpg',
  size: 1000,
  type: 'image/jpeg',
  state: 'sending' as const,
  sent: 430,
  speed: 2_100_000,
  measuredAt: 0,
  failure: null,
}
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('what is on its way stands before what is there, latest first', () => {
  const entries = entriesOf([upload, { ...upload, key: 'upload-2' }], [item])
  expect(entries.map(({ key }) => key)).toEqual(['upload-2', 'upload-1', 'A'])
})

test('a tile says everything in one breath', () => {
  expect(plain(nameOfItem(item))).toBe('roof.jpg, ready, 4.2 MB to 78 KB, 98 % saved')
  const failure = { code: 'corrupt_image', detail: 'It ends early.' }
  expect(nameOfItem({ ...item, status: 'failed', fullBytes: null, savedPercent: null, failure })).toBe(
    'roof.jpg, failed, Damaged file',
  )
})

test('an upload says how far it is, or why it is not', () => {
  expect(plain(uploadWords(upload))).toBe('43 % · 2.1 MB/s')
  expect(plain(nameOfUpload({ ...upload, speed: null }))).toBe('roof.jpg, 43 %')
  expect(uploadWords({ ...upload, state: 'arrived' })).toBe('Sent, being stored')
  expect(nameOfUpload({ ...upload, state: 'failed', failure: failureOf('overloaded', 'Wait a little.') })).toBe(
    'roof.jpg, upload failed, Server is busy: Wait a little.',
  )
})

test('a long name keeps its end', () => {
  expect(shortenName('roof.jpg', 20)).toBe('roof.jpg')
  expect(shortenName('Canon_EOS_REBEL_T3i-243.jpg', 20)).toBe('Canon_EOS_R…-243.jpg')
})
