import { BACKGROUND_ERROR_CODES } from './background-error-codes.ts'
import { BACKUP_ERROR_CODES } from './backup-error-codes.ts'

/** An error code as it is documented: its usual status, what it says, and what a client does about it. */
export interface ErrorCodeEntry {
  status: number
  meaning: string
  remedy: string
}

/** Every stable error code. `failure.code` of an image uses the same ones. */
export const ERROR_CODES: Record<string, ErrorCodeEntry> = {
  unauthorized: {
    status: 401,
    meaning: 'The credential is missing, malformed, expired or revoked.',
    remedy: 'Send `Authorization: Bearer …` with a valid API key, or sign in again.',
  },
  forbidden: {
    status: 403,
    meaning: 'The credential is good, but its role or scope does not allow this.',
    remedy: 'Use a credential with the right named in `details.reason`.',
  },
  not_found: {
    status: 404,
    meaning: 'There is nothing under this id or path that this credential may know of.',
    remedy: 'Check the id. What belongs to somebody else answers the same.',
  },
  no_organization: {
    status: 404,
    meaning: 'You are signed in and belong to no organisation.',
    remedy: 'Make one with `POST /organizations`, or accept an invitation.',
  },
  registration_closed: {
    status: 403,
    meaning: 'New accounts are made by invitation only here.',
    remedy: 'Ask an owner or admin of an organisation for an invitation.',
  },
  foreign_host: {
    status: 403,
    meaning: 'The `Host` of the request is none of this server’s names.',
    remedy: 'Call it by PUBLIC_URL, or add the name to TRUSTED_HOSTS.',
  },
  foreign_origin: {
    status: 403,
    meaning: 'A page of another origin sent a cookie with a call that changes something.',
    remedy: 'Call from a page of this server, or add its origin to CORS_ORIGINS.',
  },
  image_not_ready: {
    status: 404,
    meaning: 'The image is there but has no variants to deliver yet.',
    remedy: 'Wait for status `ready`: `GET /images/{id}?wait=ready`, or the event stream.',
  },
  invalid_request: {
    status: 400,
    meaning: 'The request has the wrong shape.',
    remedy: 'See `errors` or `details.reason` for the part that is wrong.',
  },
  reconcile_running: {
    status: 409,
    meaning: 'Storage and records of this organisation are being compared already.',
    remedy: 'Wait for the run that `details.reason` names: `GET /reconcile/{id}`.',
  },
  invalid_cursor: {
    status: 400,
    meaning: 'The cursor or `Last-Event-ID` is not one that was answered.',
    remedy: 'Begin again without it.',
  },
  unsupported_media_type: {
    status: 415,
    meaning:
      'This type is not accepted here (400 when a JSON body names it, 422 when the content turned out to be it).',
    remedy: 'Send one of `details.allowed`.',
  },
  content_type_mismatch: {
    status: 422,
    meaning: 'The file is not what it was declared to be.',
    remedy: 'Upload the photo itself, declared as what it is, or declare nothing.',
  },
  corrupt_image: {
    status: 422,
    meaning: 'The file cannot be read as an image.',
    remedy: 'Export or take the picture again; the file is damaged or incomplete.',
  },
  file_too_large: {
    status: 413,
    meaning: 'The file has more bytes than the project accepts.',
    remedy: 'Send a smaller file; `details.limit` says how large it may be.',
  },
  file_too_small: {
    status: 422,
    meaning: 'The file has fewer bytes than the project demands.',
    remedy: 'Send the whole photo; `details.limit` says how small it may be.',
  },
  too_many_pixels: {
    status: 422,
    meaning: 'A side or the area of the image is over the limit.',
    remedy: 'Scale the picture down below `details.limit`.',
  },
  too_many_frames: {
    status: 422,
    meaning: 'The animation has too many frames or too many pixels in all.',
    remedy: 'Shorten the animation below `details.limit`.',
  },
  invalid_file_name: {
    status: 400,
    meaning: 'The file name is empty, longer than 255 characters, or has control characters.',
    remedy: 'Send another name.',
  },
  slot_superseded: {
    status: 409,
    meaning: 'A later replacement, undo or delete of this slot was first; the picture that was sent is removed.',
    remedy: 'Read the slot. Send the picture again if it should be the newest after all.',
  },
  nothing_to_undo: {
    status: 409,
    meaning: 'No earlier picture of this slot is kept any more.',
    remedy: 'Upload the picture again.',
  },
  gallery_mismatch: {
    status: 409,
    meaning: 'The order does not name every picture of the gallery exactly once.',
    remedy: 'See `details.missing` and `details.unknown`, read the gallery again and order what is there.',
  },
  original_gone: {
    status: 410,
    meaning: 'The original of this image is no longer kept.',
    remedy: 'Upload the photo again if it is needed.',
  },
  upload_offset_conflict: {
    status: 409,
    meaning: 'A resumable upload is at another byte than the call says; `details.allowed` names it.',
    remedy: 'Ask with `HEAD` how far it is and go on from there.',
  },
  too_many_chunks: {
    status: 413,
    meaning: 'A resumable upload came in more pieces than are taken.',
    remedy: 'Begin a new one and send larger pieces (several megabytes each).',
  },
  unsupported_tus_version: {
    status: 412,
    meaning: 'The header `Tus-Resumable` is missing or names a version that is not spoken here.',
    remedy: 'Send `Tus-Resumable: 1.0.0`.',
  },
  upload_not_found: {
    status: 409,
    meaning: 'Storage holds nothing for this upload yet.',
    remedy: 'PUT the bytes to the upload URL first.',
  },
  upload_expired: {
    status: 410,
    meaning: 'The upload URL expired before the bytes came, or the image no longer waits for them.',
    remedy: 'Ask for a new upload URL.',
  },
  upload_already_received: {
    status: 412,
    meaning: 'This upload URL was used already.',
    remedy: 'Nothing to do, or ask for a new URL for another file.',
  },
  upload_interrupted: {
    status: 400,
    meaning: 'The connection ended before the whole file had arrived.',
    remedy: 'Send it again.',
  },
  checksum_mismatch: {
    status: 422,
    meaning: 'The bytes that arrived do not have the announced SHA-256.',
    remedy: 'Send them again.',
  },
  size_mismatch: {
    status: 422,
    meaning: 'Another number of bytes arrived than was announced.',
    remedy: 'Ask for a new upload URL with the true size.',
  },
  invalid_signature: {
    status: 403,
    meaning:
      'The URL is not signed, was altered, has expired (`details.reason`), or the request is not what it was signed for.',
    remedy: 'Ask for a new URL and use it exactly as answered.',
  },
  length_required: {
    status: 411,
    meaning: 'The body came without a Content-Length.',
    remedy: 'Send the length; chunked bodies are not accepted here.',
  },
  range_not_satisfiable: {
    status: 416,
    meaning: 'The range lies outside of the object.',
    remedy: 'Ask for a range within `details.limit` bytes.',
  },
  invalid_transition: {
    status: 409,
    meaning: 'An image in this status cannot become that.',
    remedy: 'Read the image again and decide anew.',
  },
  conflict: {
    status: 409,
    meaning: 'Somebody else changed this at the same moment.',
    remedy: 'Read it again and repeat.',
  },
  api_key_limit: {
    status: 409,
    meaning: 'The organisation has as many live API keys as it may have.',
    remedy: 'Revoke a key that is no longer needed.',
  },
  body_too_large: {
    status: 413,
    meaning: 'The JSON body is larger than this call accepts.',
    remedy: 'Split the request.',
  },
  idempotency_key_reused: {
    status: 409,
    meaning: 'The `Idempotency-Key` was used for another request in the last 24 hours.',
    remedy: 'Take a new key for a new request.',
  },
  rate_limited: { status: 429, meaning: 'Too many calls in a short time.', remedy: 'Wait for `Retry-After` seconds.' },
  overloaded: {
    status: 503,
    meaning: 'As much as this process takes is under way already.',
    remedy: 'Wait for `Retry-After` seconds and repeat; nothing was stored.',
  },
  storage_unavailable: {
    status: 503,
    meaning: 'The storage did not answer.',
    remedy: 'Repeat later; work that was accepted goes on by itself.',
  },
  queue_unavailable: {
    status: 503,
    meaning: 'The message queue did not answer.',
    remedy: 'Repeat later; what was to be sent waits.',
  },
  cdn_unavailable: {
    status: 503,
    meaning: 'The CDN did not take an instruction.',
    remedy: 'Repeat later; work that was accepted goes on by itself.',
  },
  database_unavailable: { status: 503, meaning: 'The database did not answer.', remedy: 'Repeat later.' },
  issuer_unavailable: {
    status: 503,
    meaning: 'The token cannot be judged now: its issuer does not answer with its keys.',
    remedy: 'Repeat later, or use an API key.',
  },
  engine_crashed: {
    status: 422,
    meaning: 'The process that read the image died, several times.',
    remedy: 'Retry by hand, or export the picture anew.',
  },
  engine_timed_out: {
    status: 422,
    meaning: 'Reading the image took longer than it may.',
    remedy: 'Scale the picture down, or retry by hand.',
  },
  engine_out_of_memory: {
    status: 422,
    meaning: 'Reading the image took more memory than it may.',
    remedy: 'Scale the picture down, or retry by hand.',
  },
  attempts_lost: {
    status: 422,
    meaning: 'The server stopped several times while it worked on this image.',
    remedy: 'Retry by hand when the server is well; if it stops again, export the picture anew.',
  },
  internal: {
    status: 500,
    meaning: 'A defect of ours. It was logged under the request id.',
    remedy: 'Repeat; if it stays, report the request id.',
  },
  webhook_url_refused: {
    status: 400,
    meaning: 'The URL cannot be used for a webhook; `details.reason` says why.',
    remedy: 'Use an https URL without name, password or fragment that leads to a public address.',
  },
  last_owner: {
    status: 409,
    meaning: 'This would leave the organisation without an owner.',
    remedy: 'Make somebody else an owner first, or delete the organisation.',
  },
  last_project: {
    status: 409,
    meaning: 'This is the only project of the organisation.',
    remedy: 'Make another project first, or delete the organisation.',
  },
  limit_reached: {
    status: 409,
    meaning: 'There are as many of these as there can be: `details.limit`.',
    remedy: 'Remove what is no longer needed.',
  },
  invitation_gone: {
    status: 410,
    meaning: 'The invitation was used, revoked or has expired.',
    remedy: 'Ask for a new one.',
  },
  invitation_for_other: {
    status: 403,
    meaning: 'The invitation was made for another e-mail address.',
    remedy: 'Sign in with the account that has the invited address.',
  },
  ...BACKGROUND_ERROR_CODES,
  ...BACKUP_ERROR_CODES,
}
