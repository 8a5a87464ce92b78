import type { Image, KnownUpload, UploadUrl, UploadUrlRequest } from '@calotype/contract'
import { CalotypeError } from '../errors.ts'
import { bodyOf } from '../http/answer.ts'
import type { Connection } from '../http/connection.ts'
import type { Progress } from '../http/send.ts'

export interface UploadOptions {
  /** The caller's default project when left out. */
  projectId?: string | undefined
  /** Of a `File` the name is known. */
  fileName?: string | undefined
  sha256?: string | undefined
  detectionTypes?: readonly string[] | undefined
  priority?: UploadUrlRequest['priority'] | undefined
  /** What the picture shows. */
  alt?: string | undefined
  /** Your own id for it. */
  reference?: string | undefined
  /** Facts of your own: JSON of at most 1,024 bytes. */
  attributes?: Record<string, unknown> | undefined
  /** The same key with the same file makes one image, however often it is sent. */
  idempotencyKey?: string | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface MultipartUploadOptions extends UploadOptions {
  /** Hold the answer until the image is ready (at most 30 s); a failed one throws with the failure's code. */
  wait?: 'ready' | undefined
}

const FALLBACK_NAME = 'image'
const FALLBACK_TYPE = 'application/octet-stream'

/** One multipart request. The same bytes again give the image that is there, with `duplicate: true`. */
export function upload(connection: Connection, file: Blob, options: MultipartUploadOptions = {}): Promise<Image> {
  const form = new FormData()
  if (options.projectId !== undefined) form.set('project_id', options.projectId)
  if (options.sha256 !== undefined) form.set('sha256', options.sha256)
  if (options.priority !== undefined) form.set('priority', options.priority)
  if (options.alt !== undefined) form.set('alt', options.alt)
  if (options.reference !== undefined) form.set('reference', options.reference)
  if (options.attributes !== undefined) form.set('attributes', JSON.stringify(options.attributes))
  for (const type of options.detectionTypes ?? []) form.append('detection_types', type)
  form.set('file', file, nameOf(file, options))
  return connection.callFor<Image>({
    method: 'POST',
    path: '/images/upload',
    query: { wait: options.wait },
    form,
    idempotencyKey: options.idempotencyKey,
    signal: options.signal,
    onProgress: options.onProgress,
  })
}

/** Asks for a signed URL, puts the bytes there (straight into storage), and reports that they are there. */
export async function uploadDirect(connection: Connection, file: Blob, options: UploadOptions = {}): Promise<Image> {
  const { signal } = options
  const request: UploadUrlRequest = {
    file_name: nameOf(file, options),
    file_size: file.size,
    mime_type: file.type || FALLBACK_TYPE,
    ...(options.projectId === undefined ? {} : { project_id: options.projectId }),
    ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.detectionTypes === undefined ? {} : { detection_types: [...options.detectionTypes] }),
    ...(options.alt === undefined ? {} : { alt: options.alt }),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  }
  const granted = await connection.callFor<UploadUrl | KnownUpload>({
    method: 'POST',
    path: '/images/upload-url',
    json: request,
    idempotencyKey: options.idempotencyKey,
    signal,
  })
  if ('duplicate' in granted) {
    const known = await connection.callFor<Image>({ path: `/images/${granted.image_id}`, signal })
    return { ...known, duplicate: true }
  }
  await put(connection, granted, file, options)
  const completion = options.sha256 === undefined ? {} : { sha256: options.sha256 }
  const path = `/images/${granted.image_id}/complete`
  return bodyOf(await connection.call({ method: 'POST', path, json: completion, signal }))
}

async function put(connection: Connection, granted: UploadUrl, file: Blob, options: UploadOptions): Promise<void> {
  try {
    await connection.sendElsewhere({
      method: granted.method,
      url: granted.upload_url,
      headers: granted.headers,
      body: file,
      signal: options.signal,
      onProgress: options.onProgress,
    })
  } catch (error) {
    // The bytes arrived but the answer to them was lost: storage has them, go on and complete.
    if (error instanceof CalotypeError && error.status === 412) return
    throw error
  }
}

export function nameOf(file: Blob, options: UploadOptions): string {
  return options.fileName ?? (file instanceof File ? file.name : FALLBACK_NAME)
}
