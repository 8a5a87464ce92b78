/** A setting of the bucket that is not as it should be, in words; `ours` is mended by writing our rules. */
export interface SettingDifference {
  part: string
  is: string
  wanted: string
  ours: boolean
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
  CORS: 'this storage has no call for it. Browsers may upload if its own settings allow them (MinIO: MINIO_API_CORS_ALLOW_ORIGIN); doctor tries it.',
  lifecycle:
    'this storage has no call for it. Unfinished multipart uploads take space until its own settings remove them.',
  versioning: 'this storage has no call for it, so it keeps no versions. Nothing is to be done.',
}

/** What a storage that is only compatible does not know, one line each; none of it keeps uploads from working. */
export const unsupportedLines = (parts: readonly string[]): string[] =>
  parts.map(part => `${part}: ${UNSUPPORTED[part] ?? 'this storage has no call for it.'}`)

/** What changes, as lines of a diff under the name of each part. */
export function diffLines(differences: readonly SettingDifference[]): string[] {
  const ours = differences.filter(difference => difference.ours)
  return [...new Set(ours.map(({ part }) => part))].flatMap(part => [
    part,
    ...ours.filter(each => each.part === part).flatMap(({ is, wanted }) => [`  - ${is}`, `  + ${wanted}`]),
  ])
}

/** What others set and only they may change, one line each. */
export const foreignLines = (differences: readonly SettingDifference[]): string[] =>
  differences.filter(({ ours }) => !ours).map(({ part, is, wanted }) => `${part}: ${is}. Wanted: ${wanted}.`)
