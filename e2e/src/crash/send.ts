import { setTimeout as sleep } from 'node:timers/promises'
import { Image } from '@calotype/contract'
import { askUploadUrl, call, putBytes, sendForm } from '../client.ts'
import type { Server } from '../server.ts'
import type { PlannedUpload } from './plan.ts'

/** How an upload went, as its client knows it. */
export interface Outcome {
  upload: PlannedUpload
  /** The image that a 2xx has promised; null while nothing was promised. */
  promised: string | null
  /** The last status that was answered; null when the connection ended without an answer. */
  answered: number | null
}

const BUSY_PAUSE_MS = 100

/** Tries again while the server says that it is busy. */
async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await send()
    if (answer.status !== 503) return answer
    await answer.body?.cancel()
    await sleep(BUSY_PAUSE_MS * (1 + Math.random()))
  }
}

/** Sends one upload; the outcome is kept up to date on the way, because the server may be killed at any moment. */
export async function send(server: Server, outcome: Outcome): Promise<void> {
  try {
    if (outcome.upload.way === 'form') await sendAsForm(server, outcome)
    else await sendToUrl(server, outcome)
  } catch (error) {
    // A cut connection is what this is about; anything else is a mistake of ours.
    if (!(error instanceof TypeError) && !isAborted(error)) throw error
  }
}

const isAborted = (error: unknown): boolean => error instanceof DOMException || error instanceof SyntaxError

async function sendAsForm(server: Server, outcome: Outcome): Promise<void> {
  const { bytes, kind, number } = outcome.upload
  const type = kind === 'refused' ? 'text/html' : 'image/jpeg'
  const answer = await patiently(() => sendForm(server, { bytes, type, name: `crash-${number}.jpg` }))
  outcome.answered = answer.status
  const text = await answer.text()
  if (answer.ok) outcome.promised = Image.parse(JSON.parse(text)).id
}

async function sendToUrl(server: Server, outcome: Outcome): Promise<void> {
  const { bytes, kind, way, number } = outcome.upload
  const granted = await askUploadUrl(server, { file_size: bytes.length, file_name: `crash-${number}.jpg` })
  const headers = kind === 'refused' ? { 'content-type': 'image/png' } : granted.headers
  const put = await patiently(() => putBytes(granted.upload_url, bytes, headers))
  outcome.answered = put.status
  await put.body?.cancel()
  if (!put.ok) return
  outcome.promised = granted.image_id
  if (way === 'put') return
  const completed = await patiently(() =>
    call(server, `/images/${granted.image_id}/complete`, { method: 'POST', json: {} }),
  )
  outcome.answered = completed.status
  await completed.body?.cancel()
}
