import type { Image } from './image.ts'
import type { LabelInput } from './labels.ts'
import type { SignedUpload } from './upload-signer.ts'

/** What a client says of the bytes that it wants to send. */
export interface BeginUploadInput extends LabelInput {
  projectId: string | null
  fileName: string
  declaredType: string
  sizeBytes: number | null
  sha256: string | null
  detectionTypes: readonly string[] | null
  priority: Image['priority'] | null
}

export type BegunUpload =
  | { duplicate: true; imageId: string }
  | { duplicate: false; imageId: string; signed: SignedUpload; expiresAt: Date; storageUri: string }
