import { setTimeout as sleep } from 'node:timers/promises'
import type { Image } from '@calotype/contract'
import { createRandom } from '../drawing/photo.ts'
import { childrenOf, isRunning } from '../processes.ts'
import { type Server, startServer } from '../server.ts'
import { findDamage, findStrays, listAll, waitUntilSettled } from './ledger.ts'
import { planUploads } from './plan.ts'
import { type Outcome, send } from './send.ts'

/** Objects without an owner may be swept when they are older than this; the restart before the sweep takes longer. */
export const CRASH_ENV = {
  ...{ ORPHAN_GRACE: '1', LOG_LEVEL: 'info' },
  // Hundreds of uploads of one key into one project within seconds are the point here.
  ...{ UPLOAD_URLS_PER_MINUTE: '100000', MAX_UPLOADS_PER_PROJECT: '64' },
}
const SETTLE_LIMIT_MS = 120_000
const SWEEP_LIMIT_MS = 30_000

export interface Round {
  seed: number
  killedAfterMs: number
  promised: number
  cutOff: number
  ready: number
  failed: number
  recoveredMs: number
  /** What a person would call a loss, one line each. */
  losses: string[]
  /** The server that stands at the end: the next round's, or to be stopped. */
  server: Server
}

/**
 * Uploads in flight, `kill -9` at a random moment, restart; then every promise has to be kept, and after a sweep no file may belong to
 * nothing. Rounds follow each other on one data directory, so that older images are proved again.
 */
export async function runRound(options: { server: Server; seed: number; uploads: number }): Promise<Round> {
  const { server, seed, uploads } = options
  const { dataDirectory } = server
  const planned = await planUploads(seed, uploads)
  const outcomes = planned.map((upload): Outcome => ({ upload, promised: null, answered: null }))
  const killed = await killInFlight(server, outcomes, seed)

  const restarted = performance.now()
  const second = await startServer({ dataDirectory, env: CRASH_ENV, port: server.port })
  const promised = new Set(outcomes.flatMap(outcome => outcome.promised ?? []))
  const images = await waitUntilSettled(second, promised, SETTLE_LIMIT_MS)
  const recoveredMs = Math.round(performance.now() - restarted)
  const losses = await findLosses(dataDirectory, outcomes, images)

  const exitCode = await second.stop()
  if (exitCode !== 0) losses.push(`the graceful stop ended with ${exitCode}`)
  const third = await startServer({ dataDirectory, env: CRASH_ENV, port: server.port })
  losses.push(...(await findLeftovers(third)))
  const survivors = killed.children.filter(isRunning)
  if (survivors.length > 0) losses.push(`processes of the killed server still run: ${survivors.join()}`)

  const mine = images.filter(image => promised.has(image.id))
  return {
    seed,
    killedAfterMs: killed.afterMs,
    promised: outcomes.filter(outcome => outcome.promised !== null).length,
    cutOff: outcomes.filter(outcome => outcome.answered === null).length,
    ready: mine.filter(image => image.status === 'ready').length,
    failed: mine.filter(image => image.status === 'failed').length,
    recoveredMs,
    losses,
    server: third,
  }
}

/** Sends everything at once and kills the server when a random number of promises was made, and a random moment has passed. */
async function killInFlight(server: Server, outcomes: Outcome[], seed: number) {
  const random = createRandom(seed)
  const enough = Math.floor(random() * outcomes.length * 0.9)
  const pauseMs = random() * 300
  const started = performance.now()
  const sending = outcomes.map(outcome => send(server, outcome))
  const count = () => outcomes.filter(outcome => outcome.promised !== null).length
  const isOver = Promise.all(sending).then(() => true)
  while (count() < enough && !(await Promise.race([isOver, sleep(2, false)])));
  await sleep(pauseMs)
  const children = await childrenOf(server.pid)
  await server.kill()
  const afterMs = Math.round(performance.now() - started)
  await isOver
  return { afterMs, children }
}

async function findLosses(dataDirectory: string, outcomes: Outcome[], images: readonly Image[]): Promise<string[]> {
  const byId = new Map(images.map(image => [image.id, image]))
  const losses: string[] = []
  for (const { upload, promised, answered } of outcomes) {
    const name = `upload ${upload.number} (${upload.kind}, ${upload.way}, answered ${answered})`
    if (upload.kind === 'refused' && promised !== null) losses.push(`${name} should have been refused`)
    if (promised === null) continue
    const image = byId.get(promised)
    if (!image) losses.push(`${name}: image ${promised} is gone`)
    else if (upload.kind === 'fake') {
      if (image.status !== 'failed' || !image.failure?.code) losses.push(`${name}: ${promised} is ${image.status}`)
    } else if (image.status !== 'ready') {
      losses.push(`${name}: ${promised} is ${image.status} ${image.failure?.code ?? ''}`)
    } else {
      const damage = await findDamage(dataDirectory, image, upload.sha256)
      losses.push(...damage.map(what => `${name}: ${what}`))
    }
  }
  return losses
}

/** What is still on disk without an owner when the sweep of a start had its time. */
async function findLeftovers(server: Server): Promise<string[]> {
  const until = Date.now() + SWEEP_LIMIT_MS
  for (;;) {
    const strays = await findStrays(server.dataDirectory, await listAll(server))
    if (strays.length === 0 || Date.now() > until) return strays.map(file => `${file} belongs to nothing`)
    await sleep(300)
  }
}
