import { Readable } from 'node:stream'
import { type Check, type Finding, failed, ok, skipped } from '../check.ts'
import type { CdnDoor, Delivery, DoctorParts } from '../doctor-parts.ts'
import { PROBE_TEXT, PROBE_TYPE, withoutQuery } from '../signed-probe.ts'

const CARE = { projectId: '', purpose: 'care' as const }
const LIFE_SECONDS = 300

const secondsFrom = (now: Date, seconds: number): number => Math.floor(now.getTime() / 1_000) + seconds

async function place({ storage }: DoctorParts, key: string): Promise<string> {
  if ('missing' in storage) throw new Error(storage.missing)
  const body = Readable.from([Buffer.from(PROBE_TEXT)])
  await storage.part.put(key, body, { maxBytes: 1_024, contentType: PROBE_TYPE }, CARE)
  return key
}

const withDelivery =
  (work: (parts: DoctorParts, delivery: Delivery) => Promise<Finding>): Check['run'] =>
  async parts =>
    'missing' in parts.delivery ? skipped(parts.delivery.missing) : work(parts, parts.delivery.part)

/** A private key that is broken or of the wrong kind signs what no edge accepts. */
export const deliveryKeys: Check = {
  name: 'CDN keys',
  advice: 'Give the private key that belongs to the key id, as PEM; the runbook is "Rotating the CloudFront keys".',
  run: withDelivery(async (_, { doors }) => ok(doors.map(({ keyId, prove }) => `${keyId} (${prove()})`).join(', '))),
}

export const deliverySigned: Check = {
  name: 'CDN delivers signed',
  needs: ['storage', 'CDN keys'],
  advice:
    'Look at the key group of the distribution (it has to hold each key), its origin, and its rights to the bucket; runbook "Rotating the CloudFront keys".',
  run: withDelivery(async (parts, { doors }) => {
    for (const { keyId, cdn } of doors) {
      const key = await place(parts, parts.probes.variant('private'))
      const { status, text } = await parts.web(cdn.sign(key, secondsFrom(parts.clock.now(), LIFE_SECONDS)))
      if (status !== 200 || text !== PROBE_TEXT) return failed(`a URL signed with ${keyId} is answered by ${status}`)
    }
    return ok(`a URL signed with ${doors.map(({ keyId }) => keyId).join(' and with ')} brings the bytes`)
  }),
}

export const deliveryUnsigned: Check = {
  name: 'CDN refuses unsigned',
  needs: ['storage', 'CDN keys'],
  advice: 'Restrict viewer access on the behaviour private/*: as it is, anybody who knows a key sees the picture.',
  run: withDelivery(async (parts, { doors }) => {
    const [door] = doors
    if (!door) return failed('there is no key')
    const key = await place(parts, parts.probes.variant('private'))
    for (const [what, url] of await badUrls(parts, door, key)) {
      const { status, text } = await parts.web(url)
      if (text.includes(PROBE_TEXT)) return failed(`${what} brings the picture (${status})`)
      if (status < 400 || status >= 500) return failed(`${what} is answered by ${status}`)
    }
    return ok('a URL without, with another, or with an old signature is refused')
  }),
}

/** What an edge could have kept from a good request is asked for, too. */
async function badUrls(parts: DoctorParts, { cdn }: CdnDoor, key: string): Promise<[string, string][]> {
  const now = parts.clock.now()
  const good = cdn.sign(key, secondsFrom(now, LIFE_SECONDS))
  await parts.web(good)
  return [
    ['no signature', withoutQuery(good)],
    ['another signature', good.replace(/(signature=)(.)/i, (_, name, first) => name + (first === 'a' ? 'b' : 'a'))],
    ['an old signature', cdn.sign(key, secondsFrom(now, -LIFE_SECONDS))],
  ]
}

export const deliveryPublic: Check = {
  name: 'CDN delivers public',
  needs: ['storage'],
  advice:
    'Look at the behaviour public/*: it needs no signature, and the distribution needs the right to read the bucket.',
  run: withDelivery(async (parts, { base }) => {
    const key = await place(parts, parts.probes.variant('public'))
    const { status, text } = await parts.web(`${base}${key}`)
    return status === 200 && text === PROBE_TEXT
      ? ok('pictures of public projects need no signature')
      : failed(`a public picture is answered by ${status}`)
  }),
}

export const deliveryOriginals: Check = {
  name: 'CDN hides originals',
  needs: ['storage'],
  advice: 'Let no behaviour of the distribution lead to uploads/: originals carry places and serial numbers.',
  run: withDelivery(async (parts, { base }) => {
    const { id, key } = parts.probes.upload()
    await place(parts, key)
    parts.probes.noteStored(id)
    const { status, text } = await parts.web(`${base}${key}`)
    return status < 400 || text.includes(PROBE_TEXT)
      ? failed(`an original can be fetched (${status})`)
      : ok(`there is no way to uploads/ (${status})`)
  }),
}
