import { z } from 'zod'

/** The version of the tus protocol that is spoken: https://tus.io/protocols/resumable-upload. */
export const TUS_VERSION = '1.0.0'

const Bytes = z.string().regex(/^\d{1,15}$/)
const TusResumable = z.string().meta({ description: `\`${TUS_VERSION}\`; anything else is answered 412.` })

export const ResumableHeaders = z.looseObject({ 'tus-resumable': TusResumable.optional() })

export const NewResumableHeaders = ResumableHeaders.extend({
  'upload-length': Bytes.optional().meta({ description: 'Bytes of the whole file; it cannot be told later.' }),
  'upload-metadata': z.string().optional().meta({
    description:
      '`filename`, `filetype`, and optional `project_id`, `sha256`, `detection_types`, `priority`, `alt`, `reference`, `attributes` (JSON); values in Base64.',
  }),
  'upload-defer-length': z.string().optional().meta({ description: 'Not supported: answered 411.' }),
  'upload-concat': z.string().optional().meta({ description: 'Not supported: answered 400.' }),
})

export const AppendHeaders = ResumableHeaders.extend({
  'upload-offset': Bytes.meta({ description: 'Where the upload is; another offset is answered 409.' }),
})
