import { type ClientRequest, request } from 'node:http'
import { call } from './client.ts'
import type { Target } from './target.ts'

type Where = Pick<Target, 'url' | 'key'>

export const TUS = { 'tus-resumable': '1.0.0' }
export const BYTES_TYPE = { 'content-type': 'application/offset+octet-stream' }
export const PHOTO = { filename: 'dächer.jpg', filetype: 'image/jpeg' }
const PATH = '/images/resumable'

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const metadata = (texts: Record<string, string>): string =>
  Object.entries(texts)
    .map(([key, text]) => `${key} ${base64(text)}`)
    .join(',')

/** The id of the image, by the address that a creation answers. */
export const idOf = (answer: Response): string => answer.headers.get('location')?.split('/').at(-1) ?? ''

export const create = (
  where: Where,
  length: number,
  texts: Record<string, string> = PHOTO,
  headers: Record<string, string> = {},
): Promise<Response> =>
  call(where, PATH, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(length), 'upload-metadata': metadata(texts), ...headers },
  })

export const head = (where: Where, id: string): Promise<Response> =>
  call(where, `${PATH}/${id}`, { method: 'HEAD', headers: TUS })

export const offsetOf = async (where: Where, id: string): Promise<number> =>
  Number((await head(where, id)).headers.get('upload-offset'))

export const patch = (
  where: Where,
  id: string,
  offset: number,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> =>
  call(where, `${PATH}/${id}`, {
    method: 'PATCH',
    headers: { ...TUS, ...BYTES_TYPE, 'upload-offset': String(offset), ...headers },
    body: Buffer.from(bytes),
  })

/** Announces all bytes from the beginning, sends some of them, and then nothing more. */
export function sendPart(where: Where, id: string, length: number, part: Uint8Array): ClientRequest {
  const headers = {
    ...{ ...TUS, ...BYTES_TYPE, authorization: `Bearer ${where.key}` },
    ...{ 'upload-offset': '0', 'content-length': String(length) },
  }
  const sent = request(`${where.url}/api/v1${PATH}/${id}`, { method: 'PATCH', headers })
  // It ends with the server or with its connection; neither is news here.
  sent.on('error', () => {})
  sent.write(part)
  return sent
}
