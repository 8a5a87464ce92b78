import { DomainError } from '@calotype/core'
import sharp from 'sharp'
import { blockOtherLoaders } from '../gate/loaders.ts'
import { requireSafeLibraries } from '../libraries.ts'
import { type FromWorker, parseToWorker, type RenderMessage } from '../pool/messages.ts'
import { NeedsMoreMemory } from '../steps/context.ts'
import { renderImage } from './chain.ts'
import { releaseMemory } from './release-memory.ts'
import { warmUp } from './warm-up.ts'

/** The program of an engine process: one job at a time, told by the parent, files only. It ends with its parent. */

const send = (message: FromWorker): void => {
  process.send?.(message)
}

const answer = async ({ type: _, job, ...received }: RenderMessage): Promise<FromWorker> => {
  try {
    return { type: 'done', job, result: await renderImage(received) }
  } catch (error) {
    if (error instanceof NeedsMoreMemory) return { type: 'deferred', job, neededBytes: error.bytes }
    if (error instanceof DomainError) {
      const { kind, code, message, details } = error
      return { type: 'refused', job, error: { kind, code, message, details } }
    }
    return { type: 'failed', job, reason: error instanceof Error ? error.message : 'not an error' }
  }
}

process.on('disconnect', () => process.exit(0))
process.on('message', raw => {
  const message = parseToWorker(raw)
  answer(message).then(said => {
    releaseMemory()
    send(said)
  })
})

requireSafeLibraries()
sharp.cache(false)
sharp.concurrency(1)
blockOtherLoaders()
await warmUp()
send({ type: 'ready' })
