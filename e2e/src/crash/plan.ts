import { createHash } from 'node:crypto'
import { createRandom, drawJpeg } from '../drawing/photo.ts'

/**
 * `photo` has to become ready, `twin` is the bytes of another photo of the round, `fake` is no image and has to fail with a reason,
 * `refused` is turned away at the door.
 */
export type Kind = 'photo' | 'twin' | 'fake' | 'refused'

/** One upload that will be tried: a multipart form, or a signed PUT with or without `complete` after it. */
export interface PlannedUpload {
  number: number
  kind: Kind
  way: 'form' | 'put' | 'put-complete'
  bytes: Buffer
  sha256: string
}

const fakeBytes = (seed: number): Buffer => Buffer.from(`<!doctype html>${seed}${' '.repeat(2_000)}`)

function kindOf(number: number): Kind {
  if (number % 20 === 7) return 'fake'
  if (number % 20 === 13) return 'refused'
  return number % 10 === 9 ? 'twin' : 'photo'
}

const SEGMENT_BYTES = 65_000

/** A JPEG made heavy by segments that decoders skip: long on its way, quick to process. */
function padJpeg(jpeg: Buffer, segments: number): Buffer {
  const segment = Buffer.alloc(SEGMENT_BYTES + 2, 1)
  segment.writeUInt16BE(0xffef, 0)
  segment.writeUInt16BE(SEGMENT_BYTES, 2)
  return Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: segments }, () => segment), jpeg.subarray(2)])
}

/** Tiny pictures, so that a round is over soon; some heavy ones, so that a kill meets bytes on their way. */
async function photoBytes(seed: number, number: number): Promise<Buffer> {
  const jpeg = await drawJpeg({ seed, width: 64, height: 48 })
  return number % 10 === 4 || number % 10 === 5 ? padJpeg(jpeg, 40) : jpeg
}

/** The uploads of one round; the same for the same seed. */
export async function planUploads(seed: number, count: number): Promise<PlannedUpload[]> {
  const random = createRandom(seed)
  const planned: PlannedUpload[] = []
  for (let number = 0; number < count; number++) {
    const kind = kindOf(number)
    const own = seed * 100_000 + number
    // Both of a pair are on their way at the same moment.
    const twin = planned.at(-1)?.bytes
    const bytes = kind === 'fake' ? fakeBytes(own) : kind === 'twin' && twin ? twin : await photoBytes(own, number)
    const way = number % 2 === 0 ? 'form' : random() < 0.3 ? 'put' : 'put-complete'
    planned.push({ number, kind, way, bytes, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
  return planned
}
