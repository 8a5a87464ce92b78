import type { ShareLink, ShareLinkStore, ShareTarget } from '../../entities/index.ts'
import { liveProject, type StateAccess } from './state.ts'

const copy = <T>(value: T): T => structuredClone(value)

const isSame = (left: ShareTarget, right: ShareTarget): boolean => JSON.stringify(left) === JSON.stringify(right)

/** Share links in memory. */
export function memoryShareLinkStore(state: StateAccess): ShareLinkStore {
  /** Links go with the records of their images and galleries. */
  const all = () =>
    [...state().shareLinks.values()].filter(({ link: { target } }) =>
      'imageId' in target ? state().images.has(target.imageId) : state().galleries.has(target.galleryId),
    )
  const isLive = ({ projectId }: ShareLink) => liveProject(state(), projectId) !== null
  return {
    add: async (link, tokenHash) => {
      state().shareLinks.set(link.id, { link: copy(link), tokenHash })
    },
    find: async (organizationId, linkId) => {
      const found = all().find(({ link }) => link.id === linkId)
      return found && liveProject(state(), found.link.projectId)?.organizationId === organizationId
        ? copy(found.link)
        : null
    },
    findByToken: async tokenHash => {
      const found = all().find(each => each.tokenHash === tokenHash)
      return found && isLive(found.link) ? copy(found.link) : null
    },
    list: async ({ projectId, target, before, limit }) =>
      copy(
        all()
          .map(each => each.link)
          .filter(link => link.projectId === projectId && isSame(link.target, target))
          .filter(link => before === null || link.id < before)
          .sort((left, right) => (left.id < right.id ? 1 : -1))
          .slice(0, limit),
      ),
    findLiveCount: async (projectId, target, now) =>
      all().filter(
        ({ link }) =>
          link.projectId === projectId && isSame(link.target, target) && !link.revokedAt && link.expiresAt > now,
      ).length,
    revoke: async (projectId, linkId, at) => {
      const found = state().shareLinks.get(linkId)
      if (found?.link.projectId !== projectId || found.link.revokedAt) return false
      found.link.revokedAt = at
      return true
    },
    noteViews: async views => {
      for (const { id, projectId, count, at } of views) {
        const found = state().shareLinks.get(id)
        if (found?.link.projectId !== projectId) continue
        found.link.views += count
        const last = found.link.lastViewedAt
        found.link.lastViewedAt = last && last > at ? last : at
      }
    },
  }
}
