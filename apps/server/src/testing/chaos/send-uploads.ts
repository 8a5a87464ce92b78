import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Image, UploadUrl } from '@calotype/contract'
import { drawPng } from '../draw-png.ts'

const SENDERS = 8
const PAUSE_MS = 200
const SIDE = 40

/** An upload that was promised: its picture has to become ready, once. */
export interface Promised {
  number: number
  sha256: string
  imageId: string
}

interface Where {
  url: string
  key: string
  projectId: string
}

/** Sends `count` pictures, every other one through the API and the rest to storage, each again until it is promised; spread over `overMs`. */
export async function sendUploads(where: Where, count: number, overMs: number): Promise<Promised[]> {
  const started = performance.now()
  const promised: Promised[] = []
  let next = 0
  const sender = async () => {
    for (let number = next++; number < count; number = next++) {
      await sleep(Math.max(0, (number / count) * overMs - (performance.now() - started)))
      const bytes = drawPng(number, SIDE)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      promised.push({ number, sha256, imageId: await untilPromised(where, number, bytes) })
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return promised
}

async function untilPromised(where: Where, number: number, bytes: Buffer): Promise<string> {
  for (;;) {
    const imageId = await (number % 2 === 0 ? sendForm(where, number, bytes) : sendToStorage(where, number, bytes))
    if (imageId !== null) return imageId
    await sleep(PAUSE_MS)
  }
}

/** Null where the process behind it was killed or is not there: then the same is asked again. Anything else that fails is a defect. */
async function ask(url: string, init: RequestInit): Promise<unknown> {
  try {
    const answer = await fetch(url, init)
    const text = await answer.text()
    if (answer.ok) return text === '' ? {} : JSON.parse(text)
    if (answer.status === 502 || answer.status === 503) return null
    throw new Error(`${url.split('?')[0]} was answered ${answer.status}: ${text}`)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

async function sendForm({ url, key, projectId }: Where, number: number, bytes: Buffer): Promise<string | null> {
  const form = new FormData()
  form.append('project_id', projectId)
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), `${number}.png`)
  const headers = { authorization: `Bearer ${key}` }
  const answer = await ask(`${url}/api/v1/images/upload`, { method: 'POST', headers, body: form })
  return answer === null ? null : Image.parse(answer).id
}

async function sendToStorage({ url, key, projectId }: Where, number: number, bytes: Buffer): Promise<string | null> {
  const wanted = {
    project_id: projectId,
    ...{ file_name: `${number}.png`, file_size: bytes.length, mime_type: 'image/png' },
  }
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const asked = { method: 'POST', headers, body: JSON.stringify(wanted) }
  const answer = await ask(`${url}/api/v1/images/upload-url`, asked)
  if (answer === null) return null
  const granted = UploadUrl.parse(answer)
  const put = { method: 'PUT', headers: granted.headers, body: new Uint8Array(bytes) }
  return (await ask(granted.upload_url, put)) === null ? null : granted.image_id
}
