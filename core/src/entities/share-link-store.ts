/** What a link shows. */
export type ShareTarget = { imageId: string } | { galleryId: string }

export interface ShareLink {
  id: string
  projectId: string
  target: ShareTarget
  title: string | null
  createdBy: { kind: 'user' | 'api_key' | 'service'; id: string }
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  views: number
  lastViewedAt: Date | null
}

export interface ShareView {
  id: string
  projectId: string
  count: number
  at: Date
}

/** Share links by project; the token is kept as its hash alone. */
export interface ShareLinkStore {
  add(link: ShareLink, tokenHash: string): Promise<void>
  find(organizationId: string, linkId: string): Promise<ShareLink | null>
  /** Whoever has the token, of whatever organisation; null when the project is deleted. */
  findByToken(tokenHash: string): Promise<ShareLink | null>
  /** Newest first; `before` is the id of the last one of the page before. */
  list(query: {
    projectId: string
    target: ShareTarget
    before: string | null
    limit: number
  }): Promise<readonly ShareLink[]>
  /** Links of a target that are good at this moment. */
  findLiveCount(projectId: string, target: ShareTarget, now: Date): Promise<number>
  /** False when it was revoked before. */
  revoke(projectId: string, linkId: string, at: Date): Promise<boolean>
  noteViews(views: readonly ShareView[]): Promise<void>
}
