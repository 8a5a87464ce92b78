import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Picture } from './pictures.ts'

const CHUNK = randomBytes(1_000_000)
const BOUNDARY = 'bench-5f2a9c'

/** A picture with so many bytes behind its end, as a multipart body in pieces; no two are equal. */
function* body(picture: Picture, sizeBytes: number): Generator<Buffer> {
  yield Buffer.from(
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${picture.name}"\r\ncontent-type: image/jpeg\r\n\r\n`,
  )
  yield picture.bytes
  yield randomBytes(16)
  for (let left = sizeBytes - picture.bytes.length - 16; left > 0; left -= CHUNK.length)
    yield left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
}

/** Sends a large upload as fast as it is taken; resolves with the status of the answer. */
export async function sendLargeUpload(
  url: string,
  authorization: string,
  picture: Picture,
  sizeBytes: number,
): Promise<number> {
  const outgoing = request(url, {
    method: 'POST',
    agent: false,
    headers: { authorization, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  })
  const answered = new Promise<number>((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', response => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
  })
  await Promise.all([pipeline(Readable.from(body(picture, sizeBytes)), outgoing), answered])
  return answered
}
