import type { Project } from '@calotype/sdk'

export type Choice =
  | { state: 'chosen'; project: Project }
  /** The address names one that is not known before the list has come. */
  | { state: 'waiting' }
  | { state: 'none' }
  | { state: 'unknown' }

/** Which project is shown: the one that the address names, else the organisation's first. */
export function chooseProject(
  wanted: string | undefined,
  list: readonly Project[] | undefined,
  fallback: Project | null,
): Choice {
  if (wanted === undefined) {
    // A list that has come later than the session knows of changes since.
    const project = list?.find(({ id }) => id === fallback?.id) ?? (list === undefined ? fallback : list[0])
    return project ? { state: 'chosen', project } : { state: 'none' }
  }
  const known = list?.find(({ id }) => id === wanted) ?? (fallback?.id === wanted ? fallback : undefined)
  if (known !== undefined) return { state: 'chosen', project: known }
  return { state: list === undefined ? 'waiting' : 'unknown' }
}
