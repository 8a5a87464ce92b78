import { z } from 'zod'
import { AnalysisStatus, ImageStatus } from './image.ts'
import { Id, Timestamp } from './scalars.ts'

/** Data of the server-sent event `image.status`; its id is what `Last-Event-ID` carries. */
export const ImageStatusEvent = z
  .object({
    image_id: Id,
    project_id: Id,
    status: ImageStatus,
    at: Timestamp,
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'ImageStatusEvent' })
export type ImageStatusEvent = z.infer<typeof ImageStatusEvent>

/** Data of the server-sent event `analysis.updated`; the result is read with the image. */
export const AnalysisEvent = z
  .object({
    image_id: Id,
    project_id: Id,
    analysis: z.object({ status: AnalysisStatus, types: z.array(z.string()), updated_at: Timestamp }),
    at: Timestamp,
  })
  .meta({ id: 'AnalysisEvent' })
export type AnalysisEvent = z.infer<typeof AnalysisEvent>
