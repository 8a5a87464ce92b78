import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCalotype } from '../index.ts'
import { type FakeAnswer, type FakeServer, startFakeServer } from '../testing/fake-server.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

const calotype = () => createCalotype({ baseUrl: server.baseUrl, apiKey: 'key-1' })
const file = new File(['0123456789'], 'röof.png', { type: 'image/png' })
const begun = { status: 201, headers: { location: 'https://elsewhere/api/v1/images/resumable/A' } }
const at = (offset: number, status = 204): FakeAnswer => ({ status, headers: { 'upload-offset': String(offset) } })
const image = { status: 200, json: { id: 'A', status: 'uploaded' } }
const lines = () => server.received.map(({ method, path, body }) => `${method} ${path.slice(14)} ${body}`.trim())

test('uploadResumable sends a file in pieces and gives the image', async () => {
  server.answers(begun, at(4), at(8), at(10), image)
  const [progress, ids]: [number[], string[]] = [[], []]
  const options = { projectId: 'P', pieceBytes: 4, onBegun: (id: string) => ids.push(id) }
  const onProgress = ({ sent }: { sent: number }) => progress.push(sent)
  expect(await calotype().images.uploadResumable(file, { ...options, onProgress })).toEqual(image.json)
  expect(lines()).toEqual([
    'POST /resumable',
    'PATCH /resumable/A 0123',
    'PATCH /resumable/A 4567',
    'PATCH /resumable/A 89',
    'GET /A',
  ])
  const [first, second] = server.received
  expect(first?.headers).toMatchObject({ 'tus-resumable': '1.0.0', 'upload-length': '10' })
  expect(first?.headers['upload-metadata']).toBe(
    `filename ${Buffer.from('röof.png').toString('base64')},filetype aW1hZ2UvcG5n,project_id UA==`,
  )
  expect(second?.headers).toMatchObject({ 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' })
  expect([progress, ids]).toEqual([[4, 8, 10], ['A']])
})

test('uploadResumable asks how far it got when the connection breaks, and goes on there', async () => {
  const broken: FakeAnswer = (_request, response) => void response.destroy()
  server.answers(begun, at(4), broken, at(6, 200), at(10), image)
  expect(await calotype().images.uploadResumable(file, { pieceBytes: 4 })).toEqual(image.json)
  expect(lines().slice(2)).toEqual([
    'PATCH /resumable/A 4567',
    'HEAD /resumable/A',
    'PATCH /resumable/A 6789',
    'GET /A',
  ])
})

test('uploadResumable goes on with an upload of before', async () => {
  server.answers(at(9, 200), at(10), image)
  await calotype().images.uploadResumable(file, { resume: 'A' })
  expect(lines()).toEqual(['HEAD /resumable/A', 'PATCH /resumable/A 9', 'GET /A'])
})

test('uploadResumable of known bytes sends none of them', async () => {
  server.answers({ status: 200, json: { image_id: 'B', duplicate: true, status_url: '' } }, image)
  expect(await calotype().images.uploadResumable(file)).toMatchObject({ duplicate: true })
  expect(lines()).toEqual(['POST /resumable', 'GET /B'])
})

test('uploadResumable throws what the server refuses for good', async () => {
  const refused = { status: 422, json: { code: 'checksum_mismatch', detail: 'Other bytes.' } }
  server.answers(begun, refused)
  await expect(calotype().images.uploadResumable(file)).rejects.toMatchObject({ code: 'checksum_mismatch' })
  expect(server.received).toHaveLength(2)
})
