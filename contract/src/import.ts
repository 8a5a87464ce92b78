import { z } from 'zod'
import { DetectionTypes, Priority } from './image-requests.ts'
import { Id } from './scalars.ts'

/** What is wrong with the URL gets its own error code from the verb, so the wire schema only says that it is text. */
export const ImportRequest = z
  .object({
    url: z.string().meta({ description: 'Where the file is: http or https, at a public address.' }),
    project_id: Id.optional(),
    detection_types: DetectionTypes.optional(),
    priority: Priority.optional(),
    alt: z.string().optional(),
    reference: z.string().optional(),
    attributes: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ImportRequest' })
export type ImportRequest = z.infer<typeof ImportRequest>
