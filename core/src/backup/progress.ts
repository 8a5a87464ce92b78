/** What is being done, in the order in which it happens. */
export type CopyStep = 'tables' | 'objects' | 'checking' | 'loading' | 'comparing'

export interface CopyProgress {
  step: CopyStep
  /** Tables or objects. */
  done: number
  /** Null where it is not known. */
  total: number | null
  /** Bytes that were moved or read for it so far. */
  bytes: number
}

export type OnProgress = (progress: CopyProgress) => void

/** Counts for one step. */
export function countProgress(step: CopyStep, total: number | null, onProgress: OnProgress) {
  let done = 0
  let bytes = 0
  onProgress({ step, done, total, bytes })
  return (moreBytes: number): void => {
    done++
    bytes += moreBytes
    onProgress({ step, done, total, bytes })
  }
}
