import type { HistoryEntry, Image, ImageStatus } from './image.ts'

type Origin = Image['origin']

/** One step of an image's life, for people. */
export interface Step {
  at: Date
  what: string
  detail: string | null
}

export const VISIBILITY_CHANGED = 'visibility changed'

/** What a history line says, in words. Only what stands here is shown: a history may hold what was meant for us alone. */
const REASONS: Readonly<Record<string, string>> = {
  'completed by the client': 'The client said that the bytes are there.',
  'found by the storage event': 'The storage told of the bytes.',
  'found by the sweep': 'Nobody told of the bytes; the regular sweep found them.',
  'attempt lost': 'The process that worked on it ended.',
  [VISIBILITY_CHANGED]: 'The visibility of its project was changed while it was worked on.',
  'tried anew by hand': 'Somebody ordered another try.',
  restored: 'Somebody restored it.',
  'restored by the same bytes': 'The same bytes were uploaded again.',
  'restored by undo': 'A replacement in its slot was undone.',
  imported: 'They came from the URL that was named.',
  import_refused: 'The URL leads to where nothing may be fetched from.',
  import_lost: 'The job that fetched it was lost.',
  import_failed: 'The other server did not hand the file out.',
  'project deleted': 'Its project was deleted.',
  upload_expired: 'Nothing came before the upload URL expired.',
  attempts_lost: 'The server stopped too often while it worked on this image.',
  engine_crashed: 'The process that read the image died.',
  engine_timed_out: 'Reading the image took too long.',
  engine_out_of_memory: 'Reading the image took too much memory.',
  storage_unavailable: 'The storage did not answer.',
  database_unavailable: 'The database did not answer.',
  overloaded: 'As much as one process takes was under way already.',
  original_gone: 'The original was no longer there.',
  content_type_mismatch: 'The file is not what it was declared to be.',
  unsupported_media_type: 'This type of file is not accepted.',
  corrupt_image: 'The file cannot be read as an image.',
  file_too_large: 'The file has more bytes than the project accepts.',
  file_too_small: 'The file has fewer bytes than the project demands.',
  too_many_pixels: 'The image has more pixels than the project accepts.',
  too_many_frames: 'The animation has too many frames.',
  checksum_mismatch: 'The bytes do not have the announced checksum.',
  size_mismatch: 'Another number of bytes came than was announced.',
}

const MOVED = /^moved from project [0-9A-Z]{26}$/

const reasonOf = (detail: string | null): string | null => {
  if (detail === null) return null
  if (Object.hasOwn(REASONS, detail)) return REASONS[detail] ?? null
  return MOVED.test(detail) ? 'It came from another project.' : null
}

/** Lines that tell what happened while the status stayed. */
const NEWS: readonly (readonly [line: RegExp, what: string])[] = [
  [/^variants remade by recipe /, 'Its variants were made anew.'],
  [/^variants made again in attempt \d+$/, 'Variants that storage had lost were made again.'],
  [/^variants moved to public$/, 'Its project became public: its files moved to where nobody needs a signature.'],
  [/^variants moved to private$/, 'Its project became private: its files moved to where only signed URLs lead.'],
  [/^variant .* is lost, /, 'Storage lost a variant, and there is no original to make it of.'],
  [/^original gone: /, 'Storage lost its original. The variants are still delivered.'],
  [/^original damaged: /, 'Its original has another size than was written. Somebody should look at it.'],
  [/^analysis queued$/, 'The detection pipeline was asked to look at it.'],
  [/^analysis processing$/, 'The detection pipeline began with it.'],
  [/^analysis completed$/, 'The detection pipeline reported its result.'],
  [/^analysis failed$/, 'The detection pipeline could not analyse it.'],
]

/** What a step means depends on where it came from. */
export function explainStep(entry: HistoryEntry, before: HistoryEntry | null, origin: Origin = 'upload'): Step {
  const news = NEWS.find(([line]) => entry.detail !== null && line.test(entry.detail))
  if (news) return { at: entry.at, what: news[1], detail: null }
  return { at: entry.at, what: whatOf(entry.status, before?.status ?? null, origin), detail: reasonOf(entry.detail) }
}

function whatOf(status: ImageStatus, before: ImageStatus | null, origin: Origin): string {
  if (status === 'pending_upload' && before === null && origin === 'import') return 'It is to be fetched from a URL.'
  return WHAT[status](before)
}

const WHAT: Record<ImageStatus, (before: ImageStatus | null) => string> = {
  pending_upload: before =>
    before === 'deleted' ? 'It was restored and waits for its bytes again.' : 'An upload URL was given out.',
  uploaded: before => (before === null ? UPLOADED.pending_upload : UPLOADED[before]),
  processing: () => 'A worker took it up.',
  ready: before => {
    if (before === 'deleted') return 'It was restored with its variants.'
    return before === 'ready' ? 'It was moved.' : 'Its variants were made.'
  },
  failed: before => {
    if (before === 'deleted') return 'It was restored as the failure that it was.'
    return before === 'failed' ? 'It was moved.' : 'It failed.'
  },
  deleted: () => 'It was deleted.',
}

const UPLOADED: Record<ImageStatus, string> = {
  pending_upload: 'Its bytes were stored.',
  uploaded: 'It was moved.',
  processing: 'The attempt ended without a result; it goes on by itself.',
  ready: 'Its variants are to be made anew.',
  failed: 'It is tried again.',
  deleted: 'It was restored; its variants are made anew.',
}
