import { Readable } from 'node:stream'
import { type Check, failed, ok, skipped } from '../check.ts'
import { PROBE_TEXT, PROBE_TYPE } from '../signed-probe.ts'

const CARE = { projectId: '', purpose: 'care' as const }
const MAX_BYTES = 1_024

export const storage: Check = {
  name: 'storage',
  advice:
    'Look at S3_BUCKET, S3_ENDPOINT and the rights to get, put, delete and list; the runbook is "The storage is away".',
  run: async ({ storage, probes }) => {
    if ('missing' in storage) return skipped(storage.missing)
    const blobs = storage.part
    await blobs.check()
    const key = probes.variant('private')
    await blobs.put(
      key,
      Readable.from([Buffer.from(PROBE_TEXT)]),
      { maxBytes: MAX_BYTES, contentType: PROBE_TYPE },
      CARE,
    )
    const read = await blobs.readWhole(key, MAX_BYTES, CARE)
    if (read === null || read === 'too_large' || read.bytes.toString() !== PROBE_TEXT)
      return failed('what was written is not what is read')
    const left = await blobs.remove([key], CARE)
    if (left.length > 0 || (await blobs.head(key, CARE)) !== null) return failed('what was written cannot be removed')
    return ok(`${blobs.uriPrefix} is written, read and cleared`)
  },
}
