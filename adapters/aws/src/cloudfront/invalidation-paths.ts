/** CloudFront works on 15 folders of a distribution at a time and refuses more; this leaves room for other processes. */
export const MAX_FOLDERS = 10
const MAX_PATH_LENGTH = 4_000
const VARIANT = /\.(?:avif|webp|jpg)$/

/**
 * What CloudFront is told to forget for object keys and folders (`…/*`), each once. A file goes by both its names, its own and the one without
 * an extension that a viewer function makes it of, as the Developer Guide advises. Too many folders become those around them: forgetting too
 * much costs a few reads.
 */
export function invalidationPaths(keys: readonly string[]): string[] {
  const paths = keys.map(pathOf)
  const folders = gather(new Set(paths.filter(isFolder)))
  const files = paths.filter(path => !isFolder(path)).flatMap(path => [path, path.replace(VARIANT, '')])
  const within = (path: string) => folders.some(folder => path.startsWith(folder.slice(0, -1)))
  return [...folders, ...new Set(files.filter(path => !within(path)))].sort()
}

const isFolder = (path: string): boolean => path.endsWith('*')

function gather(folders: ReadonlySet<string>): string[] {
  if (folders.size <= MAX_FOLDERS) return [...folders]
  return gather(new Set([...folders].map(folder => folder.replace(/[^/]*\/?\*$/, '*'))))
}

/** Paths begin with a slash, and the key is plain ASCII: nothing needs escaping. A `*` stands only at the end. */
function pathOf(key: string): string {
  if (!/^[A-Za-z0-9._/-]+\*?$/.test(key) || key.length > MAX_PATH_LENGTH)
    throw new Error('This is no object key, nor a folder ending in *')
  return key.startsWith('/') ? key : `/${key}`
}
