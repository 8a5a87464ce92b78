import { findProject } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { type Cdn, windowExpiry } from '../delivery/index.ts'

type Deps = { database: Pick<Database, 'projects'>; cdn: Cdn; clock: Clock; signedUrlSeconds: number }

export interface SignedCookies {
  projectId: string
  expiresAt: Date
  /** By name; none where everything is public, null where delivery knows no cookies. */
  cookies: Readonly<Record<string, string>> | null
}

/** What opens all variants of a project at once, the same for everybody within a window, as signed URLs are. */
export async function signCookies(
  deps: Deps,
  ctx: Context,
  input: { projectId: string | null },
): Promise<SignedCookies> {
  const { projectId } = input
  const project = await findProject({ projects: deps.database.projects }, ctx, { projectId, action: 'image.read' })
  const expires = windowExpiry(deps.clock.now(), deps.signedUrlSeconds)
  const isPublic = project.settings.visibility === 'public'
  const cookies = isPublic ? {} : (deps.cdn.signCookies?.(project.id, expires) ?? null)
  return { projectId: project.id, expiresAt: new Date(expires * 1000), cookies }
}
