import { createHash } from 'node:crypto'
import type { SignedUpload } from '@calotype/core'
import type { UploadDoor } from './doctor-parts.ts'

const LIFE_MS = 60_000

export const PROBE_TYPE = 'image/jpeg'
/** No picture, and no secret: whoever finds it knows where it comes from. */
export const PROBE_TEXT = 'a probe of calotype doctor, to be removed'

/** An upload URL for the probe text under a key, bound to everything that can be bound. */
export async function signProbe(
  door: UploadDoor,
  { id, key, at }: { id: string; key: string; at: Date },
): Promise<SignedUpload> {
  const sizeBytes = Buffer.byteLength(PROBE_TEXT)
  return door.sign(at).sign({
    ...{ projectId: id, imageId: id, objectKey: key, contentType: PROBE_TYPE, sizeBytes, maxBytes: sizeBytes },
    sha256: createHash('sha256').update(PROBE_TEXT).digest('hex'),
    expiresAt: new Date(at.getTime() + LIFE_MS),
  })
}

/** The same address without what makes it good. */
export const withoutQuery = (url: string): string => url.split('?')[0] ?? url
