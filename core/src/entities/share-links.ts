import { randomBytes } from 'node:crypto'
import { authorize, findProject, hashSecret, notFound, type Page, type PageInput, readPage } from '../access/index.ts'
import { noteAudit } from '../audit/index.ts'
import type { Clock } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database.ts'
import { settleOnce } from '../idempotency/index.ts'
import { newId } from '../ids.ts'
import { checkEntity } from './entity.ts'
import { invalidEntity, tooManyHere } from './errors.ts'
import type { ShareLink, ShareTarget } from './share-link-store.ts'

type Deps = { database: Database; clock: Clock }

export const MIN_SHARE_SECONDS = 60
export const MAX_SHARE_SECONDS = 366 * 86_400
export const DEFAULT_SHARE_SECONDS = 7 * 86_400
/** Links of one image or gallery that are good at the same time. */
export const MAX_SHARE_LINKS = 100
export const MAX_SHARE_TITLE = 200
/** 256 random bits in base64url. */
export const SHARE_TOKEN = /^[A-Za-z0-9_-]{43}$/

/** What a link is asked for: an image, or the gallery of an entity. */
export type Shared = { imageId: string } | { type: string; entityId: string; projectId: string | null }

/** The target, if the caller may share it; a gallery that was never filled is not there. */
async function findTarget(
  { database }: Pick<Deps, 'database'>,
  ctx: Context,
  shared: Shared,
): Promise<{ projectId: string; target: ShareTarget }> {
  if ('imageId' in shared) {
    const image = await database.images.find(ctx.actor.organizationId, shared.imageId)
    if (!image) throw notFound()
    authorize(ctx.actor, image.projectId, 'share.manage')
    if (image.status === 'deleted') throw notFound()
    return { projectId: image.projectId, target: { imageId: image.id } }
  }
  checkEntity(shared)
  const { projects, galleries } = database
  const project = await findProject({ projects }, ctx, { projectId: shared.projectId, action: 'share.manage' })
  const { type, entityId } = shared
  const gallery = await galleries.find({ projectId: project.id, type, entityId })
  if (!gallery) throw notFound()
  return { projectId: project.id, target: { galleryId: gallery.id } }
}

/**
 * Makes a link that shows one image or a gallery to whoever has it, and resolves with its token, which is nowhere else. `expiresInSeconds`
 * is 60 to 366 days, 7 days when left out. Rejects with `limit_reached`, `not_found`, `forbidden`.
 */
export async function createShareLink(
  deps: Deps,
  ctx: Context,
  input: { shared: Shared; expiresInSeconds: number | null; title: string | null },
): Promise<{ link: ShareLink; token: string }> {
  const seconds = input.expiresInSeconds ?? DEFAULT_SHARE_SECONDS
  if (seconds < MIN_SHARE_SECONDS || seconds > MAX_SHARE_SECONDS)
    throw invalidEntity('expires_in_seconds', `${MAX_SHARE_SECONDS}, from ${MIN_SHARE_SECONDS}`, seconds)
  const title = input.title?.trim() || null
  const length = [...(title ?? '')].length
  if (length > MAX_SHARE_TITLE) throw invalidEntity('title', MAX_SHARE_TITLE, length)
  const { projectId, target } = await findTarget(deps, ctx, input.shared)
  const now = deps.clock.now()
  const token = randomBytes(32).toString('base64url')
  const { kind, id } = ctx.actor
  const link: ShareLink = {
    ...{ id: newId(), projectId, target, title, createdBy: { kind, id }, createdAt: now },
    ...{ expiresAt: new Date(now.getTime() + seconds * 1_000), revokedAt: null, views: 0, lastViewedAt: null },
  }
  await deps.database.transaction(async tx => {
    if ((await tx.shareLinks.findLiveCount(projectId, target, now)) >= MAX_SHARE_LINKS)
      throw tooManyHere('share links of one thing', MAX_SHARE_LINKS)
    await tx.shareLinks.add(link, hashSecret(token))
    await noteAudit(tx, ctx, noteOfLink('share.created', link, now))
    await settleOnce(tx, ctx, { id: link.id })
  })
  return { link, token }
}

/** A link of the caller's organisation. */
export async function getShareLink(
  deps: Pick<Deps, 'database'>,
  ctx: Context,
  input: { linkId: string },
): Promise<ShareLink> {
  const link = await deps.database.shareLinks.find(ctx.actor.organizationId, input.linkId)
  if (!link) throw notFound()
  authorize(ctx.actor, link.projectId, 'share.manage')
  return link
}

/** The links of an image or gallery, newest first, expired and revoked ones included. */
export async function listShareLinks(
  deps: Pick<Deps, 'database'>,
  ctx: Context,
  input: PageInput & { shared: Shared },
): Promise<Page<ShareLink>> {
  const { projectId, target } = await findTarget(deps, ctx, input.shared)
  return readPage(input, query => deps.database.shareLinks.list({ projectId, target, ...query }))
}

/** From here on the link shows nothing. Again: nothing more. */
export async function revokeShareLink(deps: Deps, ctx: Context, input: { linkId: string }): Promise<void> {
  const link = await getShareLink(deps, ctx, input)
  const at = deps.clock.now()
  await deps.database.transaction(async tx => {
    if (await tx.shareLinks.revoke(link.projectId, link.id, at))
      await noteAudit(tx, ctx, noteOfLink('share.revoked', link, at))
  })
}

function noteOfLink(
  action: 'share.created' | 'share.revoked',
  { id, projectId, target, expiresAt }: ShareLink,
  at: Date,
) {
  const [what, subject] = 'imageId' in target ? ['image', target.imageId] : ['gallery', target.galleryId]
  const done = action === 'share.created' ? `was made, good until ${expiresAt.toISOString()}` : 'was revoked'
  return { action, at, projectId, subject, detail: `The share link ${id} of ${what} ${subject} ${done}.` }
}
