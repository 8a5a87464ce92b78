import { connectionFailed } from '../errors.ts'
import type { Answer } from './answer.ts'

export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body?: Blob | FormData | string | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface Progress {
  sent: number
  total: number
}

export type Send = (outgoing: Outgoing) => Promise<Answer>
export type Fetch = typeof globalThis.fetch

export function sendByFetch(fetch: Fetch): Send {
  return async ({ method, url, headers, body, signal, onProgress }) => {
    const total = body instanceof Blob ? body.size : 0
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      })
      const text = await response.text()
      onProgress?.({ sent: total, total })
      return { status: response.status, text, header: name => response.headers.get(name) }
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      throw connectionFailed(error)
    }
  }
}

/** fetch cannot tell how far an upload is; in browsers XMLHttpRequest still can. */
export const sendByXhr: Send = ({ method, url, headers, body, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = event => onProgress?.({ sent: event.loaded, total: event.total })
    xhr.onload = () =>
      resolve({ status: xhr.status, text: xhr.responseText, header: name => xhr.getResponseHeader(name) })
    xhr.onerror = () => reject(connectionFailed(undefined))
    xhr.onabort = () => reject(signal?.reason)
    xhr.onloadend = () => signal?.removeEventListener('abort', abort)
    signal?.addEventListener('abort', abort, { once: true })
    xhr.send(body ?? null)
  })
