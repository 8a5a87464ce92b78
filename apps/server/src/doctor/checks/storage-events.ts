import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Check, failed, ok, skipped } from '../check.ts'
import type { DoctorParts } from '../doctor-parts.ts'
import { PROBE_TEXT, PROBE_TYPE } from '../signed-probe.ts'

const CARE = { projectId: '', purpose: 'care' as const }
const POLL_MS = 100

/**
 * A worker that is told of a probe says so; where none runs, the queue is read here. Everything that this run uploaded has to arrive, so
 * that no message is left behind.
 */
export const storageEvents: Check = {
  name: 'storage events',
  needs: ['database', 'storage'],
  advice:
    'Look at the bucket’s notification (ObjectCreated under uploads/) and the queue’s policy. Until then uploads are found by `complete` and the sweep.',
  run: async parts => {
    const { events, database, storage } = parts
    if ('missing' in events) return skipped(events.missing)
    if ('missing' in database) return skipped(database.missing)
    if ('missing' in storage) return skipped(storage.missing)
    const { id, key } = parts.probes.upload()
    const body = Readable.from([Buffer.from(PROBE_TEXT)])
    await storage.part.put(key, body, { maxBytes: 1_024, contentType: PROBE_TYPE }, CARE)
    parts.probes.noteStored(id)
    const { workers } = await database.part.inspect()
    const { arrived, seconds } = await waitForAll(parts, events.part, workers > 0)
    const missing = parts.probes.stored.size - arrived
    const reader = workers > 0 ? 'a worker' : 'doctor, for no worker runs'
    return missing === 0
      ? ok(`${arrived} arrived within ${seconds.toFixed(1)} s, read by ${reader}`)
      : failed(
          `${missing} of ${parts.probes.stored.size} did not arrive within ${parts.eventSeconds} s, to be read by ${reader}`,
        )
  },
}

type Events = Extract<DoctorParts['events'], { part: unknown }>['part']

async function waitForAll(
  { probes, eventSeconds, signal }: DoctorParts,
  { queue, announcements }: Events,
  workersRead: boolean,
): Promise<{ arrived: number; seconds: number }> {
  const began = performance.now()
  const read = new Set<string>()
  for (;;) {
    const arrived = [...probes.stored].filter(id => read.has(id) || announcements.heard(id)).length
    const seconds = (performance.now() - began) / 1_000
    if (arrived === probes.stored.size || seconds > eventSeconds || signal.aborted) return { arrived, seconds }
    if (workersRead) await sleep(POLL_MS)
    else for (const id of await queue.takeProbes()) read.add(id)
  }
}
