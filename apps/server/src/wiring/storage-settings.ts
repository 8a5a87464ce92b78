import { createS3StorageSettings, type SettingsPart } from '@calotype/aws'
import type { Config } from '../config.ts'
import { diffLines, foreignLines, unsupportedLines } from '../storage-settings-report.ts'
import { UsageError } from './installation.ts'
import { s3Connection } from './storage.ts'

interface CommandInput {
  publicUrl: string
  /** The terminal. */
  write(line: string): void
}

const FLAGS: readonly string[] = ['--dry-run']

/** The origins of pages that send bytes to the bucket: our own console, and those of the host. */
export const uploadOrigins = (config: Config, publicUrl: string): string[] => [
  ...new Set([new URL(publicUrl).origin, ...config.corsOrigins]),
]

/**
 * `storage apply`: writes the rules that uploads depend on to the bucket and shows what that changes; with `--dry-run` it only shows it.
 * Resolves with the exit code: 1 where something is left that only a person can change.
 */
export async function applyStorageSettings(
  config: Config,
  args: readonly string[],
  { publicUrl, write }: CommandInput,
): Promise<number> {
  const { s3 } = config.cloud
  if (s3 === null) throw new UsageError('storage apply is for a bucket: set S3_BUCKET.')
  const unknown = args.filter(word => !FLAGS.includes(word))
  if (unknown.length > 0) throw new UsageError(`storage apply knows ${FLAGS.join(', ')}, not ${unknown.join(' ')}`)
  const corsOrigins = uploadOrigins(config, publicUrl)
  const settings = createS3StorageSettings({ ...s3Connection(s3), corsOrigins })
  try {
    const before = await settings.check()
    for (const line of diffLines(before.differences)) write(line)
    const changes = before.differences.some(({ ours }) => ours)
    const refused = args.includes('--dry-run') || !changes ? [] : await settings.apply()
    const done = changes && !args.includes('--dry-run')
    const after = done ? await settings.check() : before
    const unsupported = [...new Set([...after.unsupported, ...refused])]
    const left = done ? after.differences.filter(({ part, ours }) => ours && !unsupported.includes(part)) : []
    for (const line of unsupportedLines(unsupported)) write(line)
    for (const line of foreignLines(after.differences)) write(line)
    write(`${s3.bucket}: ${summary({ changes, done, kept: left.length === 0 })}`)
    for (const part of new Set(left.map(each => each.part))) write(tookNothing(part))
    return left.length > 0 || after.differences.some(({ ours }) => !ours) ? 1 : 0
  } finally {
    settings.close()
  }
}

function summary({ changes, done, kept }: { changes: boolean; done: boolean; kept: boolean }): string {
  if (!changes) return 'nothing to change'
  if (!done) return 'nothing was changed (--dry-run)'
  return kept ? 'written' : 'written, but not kept by the storage'
}

const tookNothing = (part: SettingsPart): string =>
  `${part}: the storage took the rules and does not show them afterwards. Set them where the storage is run.`
