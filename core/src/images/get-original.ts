import { authorize } from '../access/index.ts'
import { noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { imageNotReady, originalGone } from './errors.ts'
import { getImage } from './get-image.ts'
import type { Image } from './image.ts'

/** To keep it, or to look at it beside a variant: it leaves the server either way, and the audit log tells which was asked for. */
export type OriginalUse = 'download' | 'view'

/** Where the original lies, for those who may read private data; before its bytes leave, `noteOriginal` is called. */
export async function getOriginal(
  deps: { database: Database },
  ctx: Context,
  input: { imageId: string },
): Promise<{ image: Image; objectKey: string }> {
  const image = await getImage(deps, ctx, input)
  authorize(ctx.actor, image.projectId, 'image.read_private')
  if (image.status === 'deleted' || image.status === 'pending_upload') throw imageNotReady(image.status)
  if (image.originalKey === null) throw originalGone()
  return { image, objectKey: image.originalKey }
}

/** Tells the audit log that bytes of the original leave. */
export function noteOriginal(
  deps: { database: Database; clock: Clock },
  ctx: Context,
  { image: { id, projectId }, use }: { image: Image; use: OriginalUse },
): Promise<void> {
  const [action, done] =
    use === 'view' ? (['original.viewed', 'looked at'] as const) : (['original.downloaded', 'downloaded'] as const)
  const detail = `The original of image ${id} was ${done}.`
  return noteAudit(deps.database, ctx, { action, at: deps.clock.now(), projectId, subject: id, detail })
}
