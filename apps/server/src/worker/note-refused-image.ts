import type { Deps } from '../deps.ts'

/** Notes in the security log why an image failed, if it did: nobody waits for a verdict that a job reaches. */
export async function noteRefusedImage(
  deps: Pick<Deps, 'database' | 'security'>,
  job: { projectId: string; imageId: string; requestId: string },
): Promise<void> {
  const { projectId, imageId, requestId } = job
  const image = await deps.database.images.load(projectId, imageId)
  if (image?.status !== 'failed' || !image.failure) return
  const project = await deps.database.projects.load(projectId)
  deps.security.record({
    event: 'upload.refused',
    actor: image.uploadedBy,
    organizationId: project?.organizationId ?? null,
    projectId,
    ip: null,
    code: image.failure.code,
    detail: `Image ${imageId}: ${image.failure.detail}`,
    requestId,
  })
}
