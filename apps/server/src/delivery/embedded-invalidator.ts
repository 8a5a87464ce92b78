import type { EmbeddedInvalidator } from '../deps.ts'

/** Invalidation where the CDN is this process: at once and for nothing. Other processes hear of deleted images by their events. */
export function createEmbeddedInvalidator(): EmbeddedInvalidator {
  const listeners: Array<(prefix: string) => void> = []
  return {
    invalidate: async paths => {
      const prefixes = paths.map(path => path.replace(/\*$/, ''))
      for (const listener of listeners) for (const prefix of prefixes) listener(prefix)
      return paths.length
    },
    onInvalidated: listener => void listeners.push(listener),
  }
}
