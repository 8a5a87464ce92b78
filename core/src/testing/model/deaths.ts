import {
  enqueue,
  find,
  isRestorable,
  isVerdict,
  type Life,
  type Picture,
  presentStatus,
  termsOf,
  uploadKey,
  wantsNoBytes,
} from './life.ts'

/** What a person deletes. */
export function remove(life: Life, id: string): string {
  const picture = find(life, id)
  if (!picture || picture.purge !== null) return 'not_found'
  if (picture.status !== 'deleted') removeAll(life, [id])
  return 'ok'
}

/** Pictures that are not deleted yet, in one go. */
export function removeAll(life: Life, ids: readonly string[]): void {
  for (const picture of life.pictures.filter(each => ids.includes(each.id))) entomb(life, picture, ids.length > 1)
}

/** Law L2: it can be restored until its time has come; only what was public goes at once. */
function entomb(life: Life, picture: Picture, shared: boolean): void {
  const { retention, isPublic } = termsOf(life, picture.project)
  const purgeAt = life.now + retention
  const made = picture.attempt > 0 || picture.variantsOf !== null
  Object.assign(picture, { status: 'deleted', former: picture.status, deletedAt: life.now, purgeAt })
  enqueue(life, 'purge', picture.id, { due: purgeAt, shared })
  if (!isPublic) return
  Object.assign(picture, { variantsOf: null, madeBy: null })
  if (made) enqueue(life, 'withdraw', picture.id, { upTo: picture.attempt })
}

/** Back to where it was; to `uploaded` where there is work to be done. */
export function restore(life: Life, id: string): string {
  const picture = find(life, id)
  if (!picture || picture.purge !== null) return 'not_found'
  if (!isRestorable(picture)) return 'invalid_transition'
  const bare = picture.former === 'ready' && picture.variantsOf === null
  if (bare && picture.original === null) return 'original_gone'
  const status = bare || picture.former === 'processing' ? 'uploaded' : picture.former
  Object.assign(picture, { status, former: null, deletedAt: null, purgeAt: null, lostAttempts: 0 })
  if (status === 'uploaded') enqueue(life, 'process', id)
  return 'ok'
}

/** Another try by hand, unless the content itself was judged. */
export function retry(life: Life, id: string): string {
  const picture = find(life, id)
  if (!picture || picture.purge !== null) return 'not_found'
  if (picture.status !== 'failed' || isVerdict(picture.failure)) return 'invalid_transition'
  if (picture.original === null) return 'original_gone'
  Object.assign(picture, { status: 'uploaded', failure: null, engineFailures: 0, lostAttempts: 0 })
  enqueue(life, 'process', id)
  return 'ok'
}

/** The bytes of a refused image. */
export function emptyRefused(life: Life, id: string): void {
  const picture = find(life, id)
  if (!picture || !wantsNoBytes(picture)) return
  life.emptied[id] = Number.POSITIVE_INFINITY
  letGo(life, picture, picture.original ?? uploadKey(id))
}

/** The end of the retention: from here on there is no way back. */
export function purge(life: Life, id: string): void {
  const picture = find(life, id)
  if (!picture || picture.purgeAt === null || picture.purgeAt > life.now || picture.purge === 'purged') return
  picture.purge = 'purging'
  for (const key of new Set([picture.original ?? uploadKey(id), uploadKey(id)])) letGo(life, picture, key)
  Object.assign(picture, { purge: 'purged', original: null, variantsOf: null, madeBy: null, held: null })
  life.emptied[id] = Number.POSITIVE_INFINITY
}

/** What was public of a deleted image. A later attempt has made its own, which stays. */
export function withdraw(life: Life, id: string, upTo: number): void {
  life.emptied[id] = Math.max(life.emptied[id] ?? 0, upTo)
}

/** Law of originals: bytes go with the last image that wants them, one that can be restored included. */
export function letGo(life: Life, picture: Picture, key: string): void {
  const { id, project } = picture
  const own = key === uploadKey(id)
  if (!life.originals.some(each => each.project === project && each.key === key)) {
    if (own && presentStatus(picture) !== 'pending_upload') picture.held = null
    return
  }
  const referring = life.pictures.filter(each => each.project === project && each.original === key)
  if (referring.some(each => each.id !== id && !wantsNoBytes(each))) return
  life.originals = life.originals.filter(each => each.project !== project || each.key !== key)
  for (const each of referring) each.original = null
}
