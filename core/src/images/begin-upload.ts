import type { Context } from '../context.ts'
import { DomainError } from '../errors.ts'
import { beginUploads } from './begin-uploads.ts'
import type { BeginUploadInput, BegunUpload } from './begun-upload.ts'

/**
 * Answers a signed URL that is bound to one key, type, length and hash. The record exists as `pending_upload` before the URL leaves.
 * With a hash that the project has already, no byte needs to be sent.
 */
export async function beginUpload(
  deps: Parameters<typeof beginUploads>[0],
  ctx: Context,
  input: BeginUploadInput,
): Promise<BegunUpload> {
  const [begun] = await beginUploads(deps, ctx, [input])
  if (begun === undefined || begun instanceof DomainError) throw begun ?? new Error('One item has one answer')
  return begun
}
