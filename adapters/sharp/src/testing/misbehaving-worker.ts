import { readFileSync } from 'node:fs'
import { type FromWorker, parseToWorker, type RenderMessage } from '../pool/messages.ts'
import { emptyResult } from './empty-result.ts'

/**
 * A worker program that only tests choose: what a job does to its process stands in its source file. `segv` kills it,
 * `sleep` blocks it for ever, `compute` keeps it busy for ever, `allocate` takes memory without end, `babble` breaks the protocol, `large` asks for
 * more memory, `pid` answers at once, all else answers after a moment.
 */

const send = (message: FromWorker): void => {
  process.send?.(message)
}

const sleepForEver = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const computeForEver = (): void => {
  for (let sum = 0; ; sum++) if (sum < 0) break
}

const allocateWithoutEnd = (): void => {
  const taken: Buffer[] = []
  const timer = setInterval(() => taken.push(Buffer.alloc(16 * 1024 * 1024, taken.length + 1)), 5)
  if (taken.length > 1e6) clearInterval(timer)
}

const GIBIBYTE = 1024 ** 3

const misbehave = ({ job, request, memoryLimitBytes }: RenderMessage): void => {
  const answer = (): void => send({ type: 'done', job, result: emptyResult(process.pid, memoryLimitBytes) })
  switch (readFileSync(request.source, 'utf8')) {
    case 'segv':
      process.kill(process.pid, 'SIGSEGV')
      break
    case 'sleep':
      sleepForEver()
      break
    case 'compute':
      computeForEver()
      break
    case 'allocate':
      allocateWithoutEnd()
      break
    case 'babble':
      process.send?.({ type: 'done', job, result: 'nonsense' })
      break
    case 'large':
      if (memoryLimitBytes < GIBIBYTE) send({ type: 'deferred', job, neededBytes: GIBIBYTE })
      else setTimeout(answer, 150)
      break
    case 'pid':
      answer()
      break
    default:
      setTimeout(answer, 150)
  }
}

process.on('disconnect', () => process.exit(0))
process.on('message', raw => misbehave(parseToWorker(raw)))
send({ type: 'ready' })
