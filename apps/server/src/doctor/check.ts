import type { DoctorParts } from './doctor-parts.ts'

/** What a check came to: proven, broken, or not to be tried here and why. */
export type Finding =
  | { outcome: 'ok'; found: string }
  | { outcome: 'failed'; found: string; advice?: string }
  | { outcome: 'skipped'; found: string }

/** One thing that a deployment has to be able to do. */
export interface Check {
  /** How the check is called on the screen, in JSON and by others that need it. */
  name: string
  /** Checks that this one makes no sense without: it is skipped when one of them failed. */
  needs?: readonly string[]
  /** What to do when it fails, unless the finding says something better. */
  advice: string
  /** A rejection counts as failed. */
  run(parts: DoctorParts): Promise<Finding>
}

export const ok = (found: string): Finding => ({ outcome: 'ok', found })
export const skipped = (found: string): Finding => ({ outcome: 'skipped', found })
export const failed = (found: string, advice?: string): Finding =>
  advice === undefined ? { outcome: 'failed', found } : { outcome: 'failed', found, advice }
