import { corruptImage, type DomainError } from '@calotype/core'

const LONGEST_REASON = 160

/** What libvips found wrong with a file, as a verdict: its first line without paths, bounded. */
export const asCorrupt = (error: unknown, source: string): DomainError => {
  const message = error instanceof Error ? error.message : 'the decoder failed'
  const line = message.replaceAll(source, 'file').split('\n', 1)[0] ?? ''
  const reason = line.replace(/[^\x20-\x7e]+/g, ' ').replace(/[.:\s]+$/, '')
  return corruptImage(reason.slice(0, LONGEST_REASON) || 'the decoder failed')
}
