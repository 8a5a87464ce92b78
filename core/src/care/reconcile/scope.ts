import type { KeyRange } from './reconcile-store.ts'

/** What a run looks at. */
export interface Scope {
  projectIds: ReadonlySet<string>
  /** Also objects that belong to no project at all: for the organisation of the installation. */
  unowned: boolean
}

const UPLOADS = 'uploads/'

/** The prefixes that storage is listed under, in byte order. */
export function prefixesOf({ projectIds, unowned }: Scope): string[] {
  if (unowned) return ['private/', 'public/', UPLOADS]
  const ids = [...projectIds].sort()
  return [...['private', 'public'].flatMap(visibility => ids.map(id => `${visibility}/${id}/`)), UPLOADS]
}

/** The keys under a prefix: `0` is the character after the slash. */
export const rangeOf = (prefix: string): KeyRange => ({ after: prefix, before: `${prefix.slice(0, -1)}0` })

/** The project that stands in a key; null in that of an upload, which names its image alone. */
export function projectOf(key: string): string | null {
  const [visibility, projectId] = key.split('/')
  return visibility === 'uploads' ? null : (projectId ?? null)
}

/** Whether an object without a row is this run's to judge. */
export function isOurs({ projectIds, unowned }: Scope, key: string): boolean {
  if (unowned) return true
  const projectId = projectOf(key)
  return projectId !== null && projectIds.has(projectId)
}
