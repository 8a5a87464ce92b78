import { once } from 'node:events'
import { request } from 'node:http'
import { formOf, photoPart } from './test-server.ts'

export interface BegunUpload {
  /** Sends the rest; resolves with the answer. */
  finish(): Promise<{ status: number; id: string }>
}

/** An upload through the API of which the server has read the head and been sent the first half of the body. */
export async function beginUpload(
  base: string,
  { authorization, bytes }: { authorization: string; bytes: Buffer },
): Promise<BegunUpload> {
  const { headers, payload } = formOf([photoPart(bytes, { fileName: 'roof.png', type: 'image/png' })])
  const sent = request(`${base}/api/v1/images/upload`, {
    ...{ method: 'POST', agent: false },
    // The server answers `100 Continue` when it has read the head.
    headers: { ...headers, authorization, 'content-length': payload.length, expect: '100-continue' },
  })
  const answered = once(sent, 'response').then(async ([response]) => {
    let body = ''
    for await (const chunk of response) body += chunk
    return { status: Number(response.statusCode), id: String(JSON.parse(body).id) }
  })
  sent.flushHeaders()
  await once(sent, 'continue')
  const half = Math.floor(payload.length / 2)
  sent.write(payload.subarray(0, half))
  return {
    finish: () => {
      sent.end(payload.subarray(half))
      return answered
    },
  }
}
