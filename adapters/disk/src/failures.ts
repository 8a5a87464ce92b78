import { DomainError, storageUnavailable } from '@calotype/core'

/** The system's error code (`ENOENT`, …) of a failed file operation; null for anything else that was thrown. */
export const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** These blame the caller's own path, not the disk. */
const CALLER_CODES: readonly string[] = ['EEXIST', 'EISDIR', 'ENOTDIR', 'EINVAL', 'ENAMETOOLONG']

/** Codes of a path under which there is no object; `a/b` where `a` is an object is one of them. */
export const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error) ?? '')

/** A full, broken, read-only or overloaded disk as `storage_unavailable`; everything else as it came. */
export function translate(error: unknown): unknown {
  const code = systemCode(error)
  if (error instanceof DomainError || code === null || CALLER_CODES.includes(code)) return error
  return storageUnavailable(error)
}

/** Runs file operations with their failures translated. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translate(error)
  }
}
