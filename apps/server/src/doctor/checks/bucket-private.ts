import { Readable } from 'node:stream'
import { type Check, failed, ok, skipped } from '../check.ts'
import { PROBE_TEXT, PROBE_TYPE, signProbe, withoutQuery } from '../signed-probe.ts'

const CARE = { projectId: '', purpose: 'care' as const }

export const bucketPrivate: Check = {
  name: 'bucket is private',
  needs: ['storage'],
  advice:
    'Block public access to the bucket and remove policies that let everybody read it: originals carry places and serial numbers.',
  run: async ({ bucket, storage, uploads, probes, web, clock }) => {
    if ('missing' in bucket) return skipped(bucket.missing)
    if ('missing' in storage) return skipped(storage.missing)
    if ('missing' in uploads) return skipped(uploads.missing)
    const key = probes.variant('private')
    const body = Readable.from([Buffer.from(PROBE_TEXT)])
    await storage.part.put(key, body, { maxBytes: 1_024, contentType: PROBE_TYPE }, CARE)
    const url = withoutQuery((await signProbe(uploads.part, { ...probes.upload(), key, at: clock.now() })).url)
    const [object, list] = [await web(url), await web(`${url.slice(0, -key.length)}?list-type=2&max-keys=1`)]
    if (object.status < 400) return failed(`anybody can read an object (${object.status})`)
    if (list.status < 400) return failed(`anybody can list the bucket (${list.status})`)
    return ok(`reading without a signature is refused (${object.status})`)
  },
}
