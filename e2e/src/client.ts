import { ERROR_CODES, Image, Problem, UploadUrl } from '@calotype/contract'
import type { Target } from './target.ts'

type Where = Pick<Target, 'url' | 'key'>

export interface Call {
  method?: string
  headers?: Record<string, string>
  body?: RequestInit['body']
  json?: unknown
  /** False: without a credential. */
  signedIn?: boolean
}

/** One request to the API under `/api/v1`, with the owner's key. */
export function call(where: Where, path: string, options: Call = {}): Promise<Response> {
  const headers = new Headers(options.headers)
  if (options.signedIn !== false && !headers.has('authorization')) headers.set('authorization', `Bearer ${where.key}`)
  if (options.json !== undefined) headers.set('content-type', 'application/json')
  const body = options.json === undefined ? (options.body ?? null) : JSON.stringify(options.json)
  const method = options.method ?? (body === null ? 'GET' : 'POST')
  return fetch(`${where.url}/api/v1${path}`, { method, headers, body })
}

export interface FileToSend {
  bytes: Uint8Array
  name?: string
  type?: string
}

/** A file of bytes as `fetch` takes it. */
export const blobOf = (bytes: Uint8Array, type = ''): Blob => new Blob([new Uint8Array(bytes)], { type })

/** `POST /images/upload`, the answer as it came. */
export function sendForm(
  where: Where,
  file: FileToSend,
  options: { query?: string; fields?: Record<string, string> } = {},
): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries(options.fields ?? {})) form.append(name, value)
  form.append('file', blobOf(file.bytes, file.type ?? 'image/jpeg'), file.name ?? 'photo.jpg')
  return call(where, `/images/upload${options.query ?? ''}`, { body: form })
}

/** Uploads an image and waits until it is ready. */
export async function uploadReady(where: Where, bytes: Uint8Array, file: Partial<FileToSend> = {}): Promise<Image> {
  const answer = await sendForm(where, { ...file, bytes }, { query: '?wait=ready' })
  const body: unknown = await answer.json()
  if (answer.status !== 201) throw new Error(`The upload was answered ${answer.status}: ${JSON.stringify(body)}`)
  return Image.parse(body)
}

export const getImage = async (where: Where, id: string, query = ''): Promise<Image> =>
  Image.parse(await (await call(where, `/images/${id}${query}`)).json())

/** Asks for a signed upload URL. */
export async function askUploadUrl(
  where: Where,
  request: { file_size?: number; mime_type?: string; sha256?: string; file_name?: string },
): Promise<UploadUrl> {
  const json = { file_name: 'photo.jpg', mime_type: 'image/jpeg', ...request }
  const answer = await call(where, '/images/upload-url', { json })
  const body: unknown = await answer.json()
  if (answer.status !== 201) throw new Error(`upload-url was answered ${answer.status}: ${JSON.stringify(body)}`)
  return UploadUrl.parse(body)
}

/** Whether bytes go to storage itself, which refuses in words of its own, and not to a URL of the program. */
export const isElsewhere = ({ storage_uri }: Pick<UploadUrl, 'storage_uri'>): boolean =>
  !storage_uri.startsWith('disk:')

/** Sends bytes to a signed upload URL, without any credential. */
export const putBytes = (url: string, bytes: Uint8Array, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'PUT', headers, body: blobOf(bytes) })

/** The problem of a refusal; it has to be in the one form of errors, whatever refused. */
export async function problemOf(answer: Response): Promise<Problem> {
  const type = answer.headers.get('content-type') ?? ''
  const text = await answer.text()
  if (!type.startsWith('application/problem+json')) throw new Error(`${answer.status} ${type} is no problem: ${text}`)
  const problem = Problem.parse(JSON.parse(text))
  if (problem.status !== answer.status) throw new Error(`${answer.status} says that it is ${problem.status}`)
  if (!(problem.code in ERROR_CODES)) throw new Error(`The code ${problem.code} is documented nowhere`)
  return problem
}
