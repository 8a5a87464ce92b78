import type { AnalysisEvent, ImageStatusEvent } from '@calotype/contract'
import { CalotypeError, connectionFailed } from '../errors.ts'
import { refusal } from '../http/answer.ts'
import type { Connection } from '../http/connection.ts'
import { backOff, sleep } from '../http/retry.ts'
import { type Message, readMessages } from './read-messages.ts'

/** `lost` tries again by itself; `refused` does not: the session is over or the project is not yours. */
export type EventsState = 'connecting' | 'open' | 'lost' | 'refused'

export interface EventsOptions {
  /** Continue after this event; those in between are delivered first. */
  lastEventId?: string | undefined
  onEvent: (event: ImageStatusEvent, id: string | null) => void
  /** The pipeline reported on an image; its result is read with the image. */
  onAnalysis?: ((event: AnalysisEvent, id: string | null) => void) | undefined
  onState?: ((state: EventsState, error?: CalotypeError) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface Subscription {
  close(): void
  /** Settles when the subscription is over, closed or refused; never rejects. */
  ended: Promise<void>
}

const SILENCE_MS = 60_000
const LONGEST_WAIT_MS = 15_000
const REFUSED = new Set([400, 401, 403, 404, 410])

/** fetch instead of EventSource: it can carry an API key, tell a refusal from a loss, and runs in Node too. */
export function followEvents(connection: Connection, projectId: string, options: EventsOptions): Subscription {
  const closing = new AbortController()
  const signal = options.signal === undefined ? closing.signal : AbortSignal.any([options.signal, closing.signal])
  const ended = follow(connection, projectId, options, signal).catch(() => undefined)
  return { close: () => closing.abort(), ended }
}

async function follow(connection: Connection, projectId: string, options: EventsOptions, signal: AbortSignal) {
  let lastId = options.lastEventId ?? null
  let failures = 0
  let firstWait: number | undefined
  while (!signal.aborted) {
    options.onState?.('connecting')
    let error: CalotypeError | undefined
    try {
      const messages = connect(connection, projectId, lastId, signal, () => options.onState?.('open'))
      for await (const message of messages) {
        failures = 0
        lastId = message.id ?? lastId
        firstWait = message.retryMs ?? firstWait
        deliver(message, lastId, options)
      }
    } catch (thrown) {
      if (signal.aborted) return
      error = thrown instanceof CalotypeError ? thrown : connectionFailed(thrown)
    }
    if (signal.aborted) return
    if (error !== undefined && REFUSED.has(error.status)) {
      options.onState?.('refused', error)
      return
    }
    options.onState?.('lost', error)
    failures++
    await sleep(error?.retryAfterMs ?? backOff(failures, LONGEST_WAIT_MS, firstWait), signal)
  }
}

/** A half-open connection says nothing for ever; the server's keep-alive comments tell it from a quiet project. */
async function* connect(
  { fetch, url, credentials }: Connection,
  projectId: string,
  lastId: string | null,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<Message, void> {
  const silence = new AbortController()
  const giveUp = () => silence.abort()
  let timer = setTimeout(giveUp, SILENCE_MS)
  try {
    const response = await fetch(url(`/projects/${projectId}/events`), {
      headers: {
        accept: 'text/event-stream',
        ...credentials(),
        ...(lastId === null ? {} : { 'last-event-id': lastId }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (!response.ok || response.body === null) {
      const text = await response.text()
      throw refusal({ status: response.status, text, header: name => response.headers.get(name) })
    }
    onOpen()
    yield* readMessages(response.body, () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, SILENCE_MS)
    })
  } finally {
    clearTimeout(timer)
  }
}

function deliver(message: Message, id: string | null, options: EventsOptions): void {
  if (message.data === '') return
  if (message.event === 'image.status') options.onEvent(statusEvent(message.data), id)
  if (message.event === 'analysis.updated') options.onAnalysis?.(analysisEvent(message.data), id)
}

/** The server checks its events against the contract before it sends them. */
function statusEvent(data: string): ImageStatusEvent {
  return JSON.parse(data) as ImageStatusEvent
}

/** The same. */
function analysisEvent(data: string): AnalysisEvent {
  return JSON.parse(data) as AnalysisEvent
}
