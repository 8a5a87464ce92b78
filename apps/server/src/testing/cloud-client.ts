import { storageMessage } from '@calotype/aws/testing'
import { Image } from '@calotype/contract'
import { expect } from 'vitest'
import { drawPng } from './draw-png.ts'

/** A client of one of several programs. */
export function openClient(key: string) {
  const call = (base: string, path: string, init: RequestInit = {}) =>
    fetch(`${base}/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
  const json = async (base: string, path: string, init: RequestInit = {}) => {
    const answer = await call(base, path, init)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const load = async (base: string, id: string) => Image.parse(await json(base, `/images/${id}`))
  return {
    ...{ key, call, json, load },
    /** Asks for an upload URL and sends the bytes to storage, as a browser does; nobody is told. */
    put: async (base: string, seed: number): Promise<string> => {
      const bytes = drawPng(seed)
      const asked = { file_name: `${seed}.png`, file_size: bytes.length, mime_type: 'image/png' }
      const begun = await json(base, '/images/upload-url', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      })
      const sent = await fetch(begun.upload_url, { method: 'PUT', headers: begun.headers, body: new Uint8Array(bytes) })
      expect([sent.status, await sent.text()]).toEqual([200, ''])
      return String(begun.image_id)
    },
    untilReady: (base: string, id: string, timeout = 20_000) =>
      expect.poll(async () => (await load(base, id)).status, { timeout, interval: 100 }).toBe('ready'),
  }
}

export type Client = ReturnType<typeof openClient>

/** The key that `init` shows. */
export const ownerKeyOf = ({ output }: { output: string }): string =>
  /^Owner key, shown only now: (cal_key_\S+)$/m.exec(output)?.[1] ?? ''

/** The message of an upload as S3 sends it to a queue. */
export const storageEvent = (imageId: string, bucket = 'photos'): string =>
  storageMessage({ key: `uploads/${imageId}`, bucket })
