import type { BlobInfo } from '../../blob-store.ts'
import type { Comparison } from './compare-streams.ts'
import type { Finding, FindingKind, Reference } from './reconcile-store.ts'
import { isOurs, projectOf, type Scope } from './scope.ts'

/** What is made in this time is not judged: its other half may be on the way. 24 hours. */
export const RECONCILE_GRACE_MS = 24 * 3_600_000

/** What is wrong with one key, by what two streams said at two moments: to be looked at again before anything is done. */
export function judge({ key, object, references }: Comparison, scope: Scope, cutOff: Date): Finding[] {
  if (references.length === 0) return object && isStray(object, scope, cutOff) ? [stray(object)] : []
  return references.flatMap(reference => {
    if (!scope.projectIds.has(reference.projectId) || reference.createdAt > cutOff) return []
    const kind = kindOf(reference, object, cutOff)
    return kind ? [findingOf(kind, key, reference, object)] : []
  })
}

const isStray = (object: BlobInfo, scope: Scope, cutOff: Date): boolean =>
  object.modifiedAt <= cutOff && isOurs(scope, object.key)

/** Only what is delivered or can be asked for is missed: the rest is on its way in or out. */
function kindOf(reference: Reference, object: BlobInfo | null, cutOff: Date): FindingKind | null {
  const { role, state, sizeBytes } = reference
  const expected = (role === 'original' && state === 'live') || (role === 'variant' && state === 'ready')
  if (!expected) return null
  if (!object) return role === 'original' ? 'missing_original' : 'missing_variant'
  return object.sizeBytes !== sizeBytes && object.modifiedAt <= cutOff ? 'wrong_size' : null
}

const stray = ({ key, sizeBytes }: BlobInfo): Finding => ({
  ...{ kind: 'unreferenced', key, projectId: projectOf(key), imageId: null },
  ...{ expectedBytes: null, actualBytes: sizeBytes, outcome: 'found' },
})

const findingOf = (kind: FindingKind, key: string, reference: Reference, object: BlobInfo | null): Finding => ({
  ...{ kind, key, projectId: reference.projectId, imageId: reference.imageId },
  ...{ expectedBytes: reference.sizeBytes, actualBytes: object?.sizeBytes ?? null, outcome: 'found' },
})
