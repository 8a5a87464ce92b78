import type { BlobPurpose, BlobStore } from '../blob-store.ts'
import type { LabelsOf } from './metrics.ts'
import type { Telemetry } from './telemetry.ts'
import { tracedWithin } from './tracer.ts'

type Operation = LabelsOf<'calotype_storage_call_seconds'>['operation']

/** A blob store whose calls are counted, timed and traced. Keys are not told: their folders are ids, but who knows what was asked for. */
export function watchBlobStore(blobs: BlobStore, telemetry: Telemetry): BlobStore {
  const watch = createWatch(telemetry)
  return {
    uriPrefix: blobs.uriPrefix,
    put: (key, body, options, by) => watch('put', by, () => blobs.put(key, body, options, by)),
    putFile: (key, path, contentType, by) => watch('put_file', by, () => blobs.putFile(key, path, contentType, by)),
    head: (key, by) => watch('head', by, () => blobs.head(key, by)),
    read: (key, range, by) => watch('read', by, () => blobs.read(key, range, by)),
    readWhole: (key, maxBytes, by) => watch('read_whole', by, () => blobs.readWhole(key, maxBytes, by)),
    fetchToFile: (key, path, by) => watch('fetch', by, () => blobs.fetchToFile(key, path, by)),
    remove: (keys, by) => watch('remove', by, () => blobs.remove(keys, by)),
    // A listing lasts as long as its reader takes: only that there was one is told.
    list: (prefix, by) => {
      telemetry.meters.counter('calotype_storage_calls_total', { operation: 'list', outcome: 'ok' }).add()
      return blobs.list(prefix, by)
    },
    check: () => blobs.check(),
  }
}

function createWatch({ meters, tracer }: Telemetry) {
  return async <T>(operation: Operation, by: BlobPurpose, call: () => Promise<T>): Promise<T> => {
    const started = performance.now()
    let outcome: 'ok' | 'failed' = 'failed'
    try {
      const attributes = { 'calotype.purpose': by.purpose, 'calotype.project_id': by.projectId }
      const result = await tracedWithin(tracer, `storage ${operation}`, { kind: 'client', attributes }, call)
      outcome = 'ok'
      return result
    } finally {
      meters.counter('calotype_storage_calls_total', { operation, outcome }).add()
      meters.histogram('calotype_storage_call_seconds', { operation }).observe((performance.now() - started) / 1000)
    }
  }
}
