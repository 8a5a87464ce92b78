/** What people call things, by their ids. */
export interface Names {
  people: ReadonlyMap<string, string>
  keys: ReadonlyMap<string, string>
  projects: ReadonlyMap<string, string>
}

export interface Doer {
  kind: 'user' | 'api_key' | 'service'
  id: string
}

/** The id under which the server acts where nobody asked it to. */
const PROGRAM = 'calotype'
const NOBODY = 'Somebody not signed in'

/** Who it was, as people call them. */
export function whoOf(doer: Doer | null, names: Names): string {
  if (doer === null) return NOBODY
  if (doer.kind === 'user') return names.people.get(doer.id) ?? 'Somebody who is no member'
  if (doer.kind === 'service' && doer.id === PROGRAM) return 'Calotype'
  const kind = doer.kind === 'service' ? 'service key' : 'key'
  const name = names.keys.get(doer.id)
  return name === undefined ? `A ${kind} that is gone` : `The ${kind} “${name}”`
}

const ID = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g

/** The words of the server with names instead of ids, where they are known. */
export const plainDetail = (detail: string, { people, keys, projects }: Names): string =>
  detail.replace(
    ID,
    id => people.get(id) ?? projects.get(id) ?? (keys.has(id) ? `“${keys.get(id)}”` : `…${id.slice(-6)}`),
  )
