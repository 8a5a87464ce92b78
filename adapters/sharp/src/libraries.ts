import sharp from 'sharp'

/** The first releases without the known decoder vulnerabilities. */
const LEAST_VERSIONS = { vips: '8.18.3', webp: '1.3.2', heif: '1.22.0' } as const

/** Raised when the bytes that this engine makes change: settings of an encoder, the search, the resize. */
const ENGINE_REVISION = 3

const parts = (version: string): number[] => version.split('.').map(part => Number.parseInt(part, 10) || 0)

const isBelow = (version: string, least: string): boolean => {
  const found = parts(version)
  for (const [index, wanted] of parts(least).entries()) {
    const difference = (found[index] ?? 0) - wanted
    if (difference !== 0) return difference < 0
  }
  return false
}

/**
 * The libraries that are missing or older than the known fixes, in words.
 * @param versions as in `sharp.versions`: library name to version
 */
export const outdatedLibraries = (versions: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(LEAST_VERSIONS).flatMap(([name, least]) => {
    const found = versions[name]
    return found === undefined || isBelow(found, least) ? [`${name} ${found ?? 'missing'} (at least ${least})`] : []
  })

const loaded: Readonly<Record<string, string | undefined>> = { ...sharp.versions }

/** Refuses to go on with image libraries that hostile files are known to break. @throws Error naming each library */
export const requireSafeLibraries = (): void => {
  const outdated = outdatedLibraries(loaded)
  if (outdated.length > 0) throw new Error(`These image libraries are too old to be safe: ${outdated.join(', ')}`)
}

/** Names the engine in recipe ids: the same version makes the same bytes. */
export const engineVersion = (): string =>
  `engine${ENGINE_REVISION}-sharp${loaded.sharp ?? '0'}-vips${loaded.vips ?? '0'}`

/** The image libraries that decide what hostile files can do, with what is too old among them. */
export const describeLibraries = (): { versions: string; outdated: readonly string[] } => ({
  versions: ['sharp', ...Object.keys(LEAST_VERSIONS)].map(name => `${name} ${loaded[name] ?? 'missing'}`).join(', '),
  outdated: outdatedLibraries(loaded),
})
