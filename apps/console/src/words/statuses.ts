import type { ImageStatus } from '@calotype/sdk'

export const statusWord: Record<ImageStatus, string> = {
  pending_upload: 'Expected',
  uploaded: 'Waiting',
  processing: 'Processing',
  ready: 'Ready',
  failed: 'Failed',
  deleted: 'Deleted',
}

/** What the history says happened. */
export const statusSentence: Record<ImageStatus, string> = {
  pending_upload: 'Upload URL given out',
  uploaded: 'Original arrived',
  processing: 'Processing began',
  ready: 'All variants ready',
  failed: 'Failed',
  deleted: 'Deleted',
}

export const isSettled = (status: ImageStatus): boolean =>
  status === 'ready' || status === 'failed' || status === 'deleted'
