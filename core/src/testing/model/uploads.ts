import { restore, retry } from './deaths.ts'
import {
  enqueue,
  find,
  HOUR,
  isRestorable,
  isVerdict,
  type Life,
  MINUTE,
  type Original,
  type Picture,
  RECEIVED_AFTER,
  UPLOAD_LIFE,
  uploadKey,
  wantsNoBytes,
} from './life.ts'

const blank = (life: Life, id: string, project: string, origin: Picture['origin']): Picture => ({
  ...{ id, project, origin, status: 'pending_upload', former: null, purge: null, failure: null },
  ...{ announced: null, sha256: null, original: null, held: null },
  ...{ attempt: 0, engineFailures: 0, lostAttempts: 0, variantsOf: null, madeBy: null },
  ...{ expiresAt: null, deletedAt: null, purgeAt: null, touchedAt: life.now },
})

export const originalOf = (life: Life, project: string, content: string): Original | undefined =>
  life.originals.find(each => each.project === project && each.content === content && each.hashed && !each.purging)

/** Law V12: the same bytes in one project are stored once, and an upload of them is answered with the image that is there. */
function answerKnown(life: Life, original: Original): string | null {
  const sharing = life.pictures
    .filter(each => each.origin === 'upload' && each.project === original.project && each.original === original.key)
    .sort((left, right) => (left.id < right.id ? 1 : -1))
  const living = sharing.find(each => ['ready', 'processing', 'uploaded'].includes(each.status))
  if (living) return `duplicate ${living.id}`
  const deleted = sharing.find(each => isRestorable(each) && !wantsNoBytes(each))
  const failed = sharing.find(each => each.status === 'failed' && !isVerdict(each.failure))
  const revived = deleted ?? failed
  if (!revived) return null
  if (revived.status === 'deleted') restore(life, revived.id)
  if (revived.status === 'failed') retry(life, revived.id)
  return `duplicate ${revived.id}`
}

/** A file through the API. `fresh` is the id that a new image would get. */
export function upload(life: Life, project: string, content: string, fresh: string): string {
  const there = originalOf(life, project, content)
  const known = there && answerKnown(life, there)
  if (known) return known
  addRecord(life, project, content, fresh, 'upload')
  return 'new'
}

/** An image of these bytes, which may be stored already. */
export function addRecord(
  life: Life,
  project: string,
  content: string,
  fresh: string,
  origin: Picture['origin'],
): void {
  const there = originalOf(life, project, content)
  const key = there?.key ?? uploadKey(fresh)
  if (!there) life.originals.push({ project, key, content, hashed: true, purging: false })
  life.pictures.push({ ...blank(life, fresh, project, origin), status: 'uploaded', sha256: content, original: key })
  enqueue(life, 'process', fresh)
}

/** Asks for an upload URL; bytes that are announced may be there already. */
export function begin(life: Life, project: string, announced: string | null, fresh: string): string {
  const there = announced === null ? undefined : originalOf(life, project, announced)
  const known = there && answerKnown(life, there)
  if (known) return known
  life.pictures.push({ ...blank(life, fresh, project, 'upload'), announced, expiresAt: life.now + UPLOAD_LIFE })
  return 'new'
}

/** Bytes at our own upload URL: once, only while they are waited for, only those that were announced. */
export function send(life: Life, id: string, content: string): string {
  const picture = find(life, id)
  if (!picture || ['deleted', 'failed'].includes(picture.status)) return 'upload_expired'
  if (picture.status !== 'pending_upload' || picture.held) return 'upload_already_received'
  if (picture.announced !== null && picture.announced !== content) return 'size_mismatch'
  picture.held = { content, hashed: true, at: life.now }
  picture.sha256 = content
  enqueue(life, 'received', id, { due: life.now + RECEIVED_AFTER })
  return 'ok'
}

/** Bytes that a foreign storage took without a word to us, also too late or for an image that is no more. */
export function put(life: Life, id: string, content: string): string {
  const picture = find(life, id)
  if (picture) picture.held = { content, hashed: picture.sha256 !== null, at: life.now }
  return 'ok'
}

/** The client says that its bytes are there. */
export function complete(life: Life, id: string): string {
  const picture = find(life, id)
  if (!picture || picture.purge !== null) return 'not_found'
  if (picture.status === 'deleted') return 'invalid_transition'
  if (picture.status === 'pending_upload') return settle(life, picture)
  if (picture.failure === 'upload_expired') return 'upload_expired'
  return picture.failure === 'size_mismatch' ? 'size_mismatch' : 'ok'
}

/** A pending upload is settled by what storage holds, whoever asks: the client, the storage's event, the sweep. */
export function settle(life: Life, picture: Picture): string {
  const { held, project } = picture
  if (!held) return 'upload_not_found'
  if (picture.announced !== null && picture.announced !== held.content) {
    Object.assign(picture, { status: 'failed', failure: 'size_mismatch' })
    enqueue(life, 'refused', picture.id)
    return 'size_mismatch'
  }
  const own = uploadKey(picture.id)
  const twin = held.hashed ? originalOf(life, project, held.content) : undefined
  if (!twin) life.originals.push({ project, key: own, content: held.content, hashed: held.hashed, purging: false })
  const sha256 = held.hashed ? held.content : null
  Object.assign(picture, { status: 'uploaded', original: twin?.key ?? own, sha256, held: null })
  enqueue(life, 'process', picture.id)
  return 'ok'
}

/** An import waits for its bytes for this long; deleted, it looks again after a while whether it was restored. */
const IMPORT_LIFE = 25 * HOUR
const DELETED_PAUSE = 10 * MINUTE

/** Requirement U9: bytes that a job fetches from where they are said to be. */
export function startImport(life: Life, project: string, url: string, fresh: string): string {
  life.pictures.push({ ...blank(life, fresh, project, 'import'), expiresAt: life.now + IMPORT_LIFE })
  enqueue(life, 'import', fresh, { extra: url })
  return 'new'
}

/** The job of an import: bytes that came are kept, whatever happens then. */
export function fetchImport(life: Life, id: string, url: string): void {
  const picture = find(life, id)
  if (picture?.status === 'deleted' && isRestorable(picture) && picture.former === 'pending_upload')
    if (picture.expiresAt !== null && picture.expiresAt > life.now)
      enqueue(life, 'import', id, { extra: url, due: life.now + DELETED_PAUSE })
  if (picture?.status !== 'pending_upload') return
  const content = life.web[url]
  if (!picture.held && content === undefined) {
    Object.assign(picture, { status: 'failed', failure: 'import_failed' })
    return
  }
  if (!picture.held && content !== undefined)
    Object.assign(picture, { held: { content, hashed: true, at: life.now }, sha256: content })
  settle(life, picture)
}
