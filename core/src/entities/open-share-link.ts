import { hashSecret } from '../access/index.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database.ts'
import type { Image } from '../images/index.ts'
import { viewGallery } from './get-gallery.ts'
import type { ShareLink } from './share-link-store.ts'
import { SHARE_TOKEN } from './share-links.ts'

/** What whoever has the link gets to see. */
export interface SharedPictures {
  link: ShareLink
  /** Ready ones in their order; the one that stands for all is `cover`. */
  pictures: ReadonlyArray<{ image: Image; caption: string | null }>
  cover: Image
}

/** What a token shows now; null when it is unknown, expired, revoked, or there is no picture to show, all the same. */
export async function openShareLink(
  deps: { database: Database; clock: Clock },
  token: string,
): Promise<SharedPictures | null> {
  if (!SHARE_TOKEN.test(token)) return null
  const link = await deps.database.shareLinks.findByToken(hashSecret(token))
  if (!link || link.revokedAt !== null || link.expiresAt <= deps.clock.now()) return null
  const { pictures, coverId } = await findPictures(deps.database, link)
  const cover = pictures.find(({ image }) => image.id === coverId) ?? pictures[0]
  return cover ? { link, pictures, cover: cover.image } : null
}

async function findPictures(database: Database, { projectId, target }: ShareLink) {
  if ('imageId' in target) {
    const image = await database.images.load(projectId, target.imageId)
    const pictures = image?.status === 'ready' ? [{ image, caption: null }] : []
    return { pictures, coverId: target.imageId }
  }
  const project = await database.projects.load(projectId)
  const gallery = project && (await database.galleries.load(projectId, target.galleryId))
  if (!gallery) return { pictures: [], coverId: null }
  const { items, primaryImageId } = await viewGallery(database, project.organizationId, gallery)
  return { pictures: items.filter(({ image }) => image.status === 'ready'), coverId: primaryImageId }
}
