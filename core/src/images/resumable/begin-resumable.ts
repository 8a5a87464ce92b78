import type { Context } from '../../context.ts'
import { beginUpload } from '../begin-upload.ts'
import type { BeginUploadInput, BegunUpload } from '../begun-upload.ts'
import type { UploadSigner } from '../upload-signer.ts'

/** A resumable upload takes bytes for this long from its creation; then it goes like any other that never came. */
export const RESUMABLE_UPLOAD_SECONDS = 86_400

/** The caller's own credential opens a resumable upload, so that its address needs no signature. */
const unsigned: UploadSigner = { sign: async () => ({ url: '', method: 'PUT', headers: {}, fields: null }) }

type Deps = Omit<Parameters<typeof beginUpload>[0], 'uploads' | 'uploadUrlSeconds'>

/**
 * Makes the record that the pieces are for: checked, counted and answered exactly like an upload URL, with the bytes that are there
 * already as a duplicate.
 */
export const beginResumable = (
  deps: Deps,
  ctx: Context,
  input: BeginUploadInput & { sizeBytes: number },
): Promise<BegunUpload> =>
  beginUpload({ ...deps, uploads: unsigned, uploadUrlSeconds: RESUMABLE_UPLOAD_SECONDS }, ctx, input)
