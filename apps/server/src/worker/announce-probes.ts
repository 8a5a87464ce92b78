import { isProbeId } from '@calotype/core'

type Handler = (event: { imageId: string }) => Promise<'done' | 'retry'>

/** Events of what `doctor` put into storage are told to whoever listens, and go no further. */
export const announceProbes =
  (announce: (probeId: string) => Promise<void>, handle: Handler): Handler =>
  async event => {
    if (!isProbeId(event.imageId)) return handle(event)
    await announce(event.imageId)
    return 'done'
  }
