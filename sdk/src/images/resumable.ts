import type { Image, KnownUpload } from '@calotype/contract'
import { CalotypeError } from '../errors.ts'
import { type Answer, bodyOf } from '../http/answer.ts'
import type { Connection } from '../http/connection.ts'
import { backOff, sleep } from '../http/retry.ts'
import { nameOf, type UploadOptions } from './upload.ts'

export interface ResumableUploadOptions extends UploadOptions {
  /** Bytes of one request; what a lost connection costs at most. */
  pieceBytes?: number | undefined
  /** The id of an upload of the same file that began before: it goes on where it is. */
  resume?: string | undefined
  /** Told the image's id as soon as there is one; keep it to go on after a reload. */
  onBegun?: ((imageId: string) => void) | undefined
}

const PIECE_BYTES = 8 * 1024 * 1024
/** In a row without a byte of progress: about five minutes. */
const TRIES = 14
const PASSING = new Set([0, 408, 409, 423, 425, 429, 500, 502, 503, 504])
const TUS = { 'tus-resumable': '1.0.0' }
const PATH = '/images/resumable'

/**
 * Sends a file in pieces (tus 1.0). A lost connection or a restarted server only makes it ask how far it got, and go on there.
 * Throws what the server refuses, `connection_failed` when the server stays away, and the signal's reason.
 */
export async function uploadResumable(
  connection: Connection,
  file: Blob,
  options: ResumableUploadOptions = {},
): Promise<Image> {
  const { signal } = options
  const begun = options.resume === undefined ? await begin(connection, file, options) : null
  const id = begun?.id ?? options.resume ?? ''
  if (begun && !begun.duplicate) options.onBegun?.(id)
  if (!begun?.duplicate) await sendAll(connection, file, id, begun ? 0 : null, options)
  const image = await connection.callFor<Image>({ path: `/images/${id}`, signal })
  return begun?.duplicate ? { ...image, duplicate: true } : image
}

async function begin(connection: Connection, file: Blob, options: UploadOptions) {
  const { idempotencyKey = freshKey(), signal } = options
  const answer = await connection.call({
    ...{ method: 'POST', path: PATH, idempotencyKey, signal },
    headers: { ...TUS, 'upload-length': String(file.size), 'upload-metadata': metadataOf(file, options) },
  })
  if (answer.status === 200) return { id: bodyOf<KnownUpload>(answer).image_id, duplicate: true }
  return { id: answer.header('location')?.split('/').at(-1) ?? '', duplicate: false }
}

/** Unique is enough; React Native and plain http have no better randomness. */
const freshKey = () => `resumable-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`

/** `from` is null where nobody knows how far it is. */
async function sendAll(
  connection: Connection,
  file: Blob,
  id: string,
  from: number | null,
  options: ResumableUploadOptions,
): Promise<void> {
  const { signal, pieceBytes = PIECE_BYTES } = options
  let offset = from
  for (let failures = 0; offset === null || offset < file.size; ) {
    try {
      const before: number = offset ?? -1
      offset =
        offset === null
          ? offsetIn(await connection.call({ method: 'HEAD', path: `${PATH}/${id}`, headers: TUS, once: true, signal }))
          : await sendPiece(connection, file, id, offset, Math.min(file.size, offset + pieceBytes), options)
      if (offset > before && before >= 0) failures = 0
    } catch (error) {
      failures++
      if (!(error instanceof CalotypeError) || !PASSING.has(error.status) || failures >= TRIES) throw error
      await sleep(error.retryAfterMs ?? backOff(failures), signal)
      offset = null
    }
  }
}

async function sendPiece(
  connection: Connection,
  file: Blob,
  id: string,
  start: number,
  end: number,
  { signal, onProgress }: UploadOptions,
): Promise<number> {
  const answer = await connection.call({
    ...{ method: 'PATCH', path: `${PATH}/${id}`, once: true, signal },
    headers: { ...TUS, 'upload-offset': String(start), 'content-type': 'application/offset+octet-stream' },
    body: file.slice(start, end),
    onProgress: ({ sent }) => onProgress?.({ sent: start + sent, total: file.size }),
  })
  return offsetIn(answer)
}

const offsetIn = (answer: Answer): number => Number(answer.header('upload-offset'))

function metadataOf(file: Blob, options: UploadOptions): string {
  const texts: Record<string, string | undefined> = {
    ...{ filename: nameOf(file, options), filetype: file.type || undefined, project_id: options.projectId },
    ...{ sha256: options.sha256, detection_types: options.detectionTypes?.join(','), priority: options.priority },
    ...{ alt: options.alt, reference: options.reference },
    attributes: options.attributes === undefined ? undefined : JSON.stringify(options.attributes),
  }
  return Object.entries(texts)
    .flatMap(([key, text]) => (text === undefined ? [] : `${key} ${base64Of(text)}`))
    .join(',')
}

const base64Of = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join(''))
