import type { SignedUpload } from '@calotype/core'
import { type Check, failed, ok, skipped } from '../check.ts'
import type { DoctorParts, UploadDoor } from '../doctor-parts.ts'
import { PROBE_TEXT, signProbe, withoutQuery } from '../signed-probe.ts'

const HOUR_MS = 3_600_000
/** Base64 of another hash. */
const OTHER_HASH = `${'A'.repeat(43)}=`

/** What somebody could try with an upload URL. */
interface Attempt {
  what: string
  body?: string
  headers?: Record<string, string | undefined>
  url?: (url: string) => string
  /** Signed an hour ago, for a minute. */
  late?: boolean
  /** Only storage checks it by a header; our own server has it in the URL. */
  header?: string
}

const ATTEMPTS: readonly Attempt[] = [
  { what: 'another type', headers: { 'content-type': 'text/html' } },
  { what: 'fewer bytes', body: PROBE_TEXT.slice(1) },
  { what: 'more bytes', body: `${PROBE_TEXT}!` },
  { what: 'another SHA-256', headers: { 'x-amz-checksum-sha256': OTHER_HASH }, header: 'x-amz-checksum-sha256' },
  { what: 'leave to overwrite', headers: { 'if-none-match': undefined }, header: 'if-none-match' },
  { what: 'an expired URL', late: true },
  { what: 'no signature', url: withoutQuery },
]

/** Alone it proves nothing, and refusals alone neither: a storage that takes nothing would pass. */
export const uploadUrls: Check = {
  name: 'upload URLs',
  needs: ['storage'],
  advice:
    'This storage does not enforce what a URL was signed for: do not hand out upload URLs on it. AWS, R2, MinIO and Ceph do.',
  run: async parts => {
    const { uploads } = parts
    if ('missing' in uploads) return skipped(uploads.missing)
    const door = uploads.part
    const taken: string[] = []
    const refused: string[] = []
    for (const attempt of ATTEMPTS) {
      const verdict = await tryOut(parts, door, attempt)
      if (verdict === 'unclear') return failed(`no clear answer to ${attempt.what}`, 'Look at the log of the storage.')
      if (verdict === 'taken') taken.push(attempt.what)
      else if (verdict === 'refused') refused.push(attempt.what)
    }
    const right = await sendTwice(parts, door)
    if (right !== null)
      return failed(right, 'Look at the rights of the credentials, S3_PUBLIC_ENDPOINT, and the clocks.')
    if (taken.length > 0) return failed(`storage took ${taken.join(', ')}`)
    return ok(`took what was signed${door.kind === 'stores' ? ', once' : ''}; refused ${refused.join(', ')}`)
  },
}

type Verdict = 'taken' | 'refused' | 'unclear' | 'not tried'

async function tryOut(parts: DoctorParts, door: UploadDoor, attempt: Attempt): Promise<Verdict> {
  const probe = parts.probes.upload()
  const at = new Date(parts.clock.now().getTime() - (attempt.late ? HOUR_MS : 0))
  const signed = await signProbe(door, { ...probe, at })
  if (attempt.header !== undefined && !(attempt.header in signed.headers)) return 'not tried'
  return verdictOf(door, await send(parts, signed, probe.id, attempt))
}

/** Null when the right upload was taken once; else what went wrong. */
async function sendTwice(parts: DoctorParts, door: UploadDoor): Promise<string | null> {
  const probe = parts.probes.upload()
  const signed = await signProbe(door, { ...probe, at: parts.clock.now() })
  const first = await send(parts, signed, probe.id, { what: '' })
  if (verdictOf(door, first) !== 'taken') return `what was signed was not taken (${first})`
  if (door.kind === 'judges') return null
  const second = await send(parts, signed, probe.id, { what: '' })
  return verdictOf(door, second) === 'refused' ? null : `the same URL was good twice (${second})`
}

/** Our own server judges the signature before it finds that there is no such image, and then says so. */
function verdictOf(door: UploadDoor, status: number): Verdict {
  const taken = door.kind === 'stores' ? status >= 200 && status < 300 : status === 404
  if (taken) return 'taken'
  return status >= 400 && status < 500 ? 'refused' : 'unclear'
}

async function send(parts: DoctorParts, signed: SignedUpload, id: string, attempt: Attempt): Promise<number> {
  const url = attempt.url ? attempt.url(signed.url) : signed.url
  const all = Object.entries({ ...signed.headers, ...attempt.headers })
  const headers = Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
  const { status } = await parts.web(url, { method: signed.method, headers, body: attempt.body ?? PROBE_TEXT })
  if (status >= 200 && status < 300) parts.probes.noteStored(id)
  return status
}
