/** Codes of imports and of remaking variants. */
export const BACKGROUND_ERROR_CODES = {
  reprocess_under_way: {
    status: 409,
    meaning: 'The variants of this project are being remade already; there is one run at a time.',
    remedy: 'Wait for that run, or cancel it with `POST /reprocess/{id}/cancel`.',
  },
  import_refused: {
    status: 422,
    meaning:
      'The URL is not fetched: `details.reason`. Only public addresses are called, by http or https, on the usual ports, without credentials, through at most five redirects.',
    remedy:
      'Name a public address, or upload the bytes. Your own installation may allow more: IMPORT_ALLOW_PRIVATE, IMPORT_PORTS.',
  },
  import_lost: {
    status: 422,
    meaning: 'Only as the failure of an image: the job that fetched it was lost before the bytes were here.',
    remedy: 'Import it again.',
  },
  import_failed: {
    status: 422,
    meaning:
      'The other server gave no file, for as long as it was tried: `details.reason`, or `failure.detail` of the image.',
    remedy: 'Check that the URL answers 200 without signing in, then import it anew.',
  },
}
