/**
 * When a URL issued now expires, in epoch seconds: the end of the window after the current one, so that everybody gets the same URL
 * within a window and each has between one and two lives left (requirement D3).
 */
export const windowExpiry = (now: Date, lifeSeconds: number): number =>
  (Math.floor(now.getTime() / 1000 / lifeSeconds) + 2) * lifeSeconds
