import type { IncomingMessage } from 'node:http'
import { MAX_ANSWER_BYTES, MAX_KEPT_ANSWER_BYTES } from '@calotype/core'

/** The first bytes of an answer as text. Reads no more than MAX_ANSWER_BYTES; an answer that breaks off or drags on is what came so far. */
export async function readBeginning(answer: IncomingMessage): Promise<string> {
  const kept: Buffer[] = []
  let read = 0
  try {
    for await (const chunk of answer.iterator({ destroyOnReturn: true })) {
      const bytes = Buffer.from(chunk)
      if (read < MAX_KEPT_ANSWER_BYTES) kept.push(bytes.subarray(0, MAX_KEPT_ANSWER_BYTES - read))
      read += bytes.length
      if (read >= MAX_ANSWER_BYTES) break
    }
  } catch {
    // The status is there already, and it is what counts.
  }
  return Buffer.concat(kept).toString('utf8')
}
