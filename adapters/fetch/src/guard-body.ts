import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { toImportError } from './request.ts'
import { type Total, tookTooLong } from './times.ts'

/** The answer's bytes; fails when none come for a while, when time is up, and when the answer breaks off before its end. */
export function guardBody(answer: IncomingMessage, idleMs: number, total: Total): Readable {
  const body = Readable.from(read(answer, idleMs, total), { objectMode: false })
  // Also when nobody ever begins to read.
  body.once('close', () => {
    total.stop()
    answer.destroy()
  })
  return body
}

async function* read(answer: IncomingMessage, idleMs: number, total: Total): AsyncGenerator<Buffer> {
  const wait = () => setTimeout(() => answer.destroy(tookTooLong(idleMs)), idleMs)
  let timer = wait()
  try {
    for await (const chunk of answer) {
      // While our own storage takes the bytes, the other server is not idle.
      clearTimeout(timer)
      yield chunk
      timer = wait()
    }
  } catch (error) {
    throw toImportError(error, total)
  } finally {
    clearTimeout(timer)
  }
}
