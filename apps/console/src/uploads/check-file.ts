import type { Project } from '@calotype/sdk'
import { type Failure, failureOf } from '../words/failures.ts'
import { formatBytes } from '../words/numbers.ts'

const names: Record<string, string> = {
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'image/gif': 'GIF',
  'image/avif': 'AVIF',
  'image/heic': 'HEIC',
  'image/heif': 'HEIF',
}

/** Systems that do not know a photo's type say nothing or this; the server looks at the bytes. */
const unknownTypes = new Set(['', 'application/octet-stream'])

export type Limits = Pick<Project, 'allowed_types' | 'min_bytes' | 'max_bytes'>

/** What the server would refuse anyway is told at once, without sending it first. */
export function checkFile(file: { name: string; size: number; type: string }, limits: Limits): Failure | null {
  const type = file.type.toLowerCase()
  if (!unknownTypes.has(type) && !limits.allowed_types.includes(type)) {
    const allowed = listOf(limits.allowed_types.map(typeName))
    return failureOf('unsupported_media_type', `This is ${type}. Upload a photo as ${allowed}.`)
  }
  if (file.size > limits.max_bytes) {
    const detail = `The file has ${formatBytes(file.size)}; up to ${formatBytes(limits.max_bytes)} are accepted here.`
    return failureOf('file_too_large', detail)
  }
  if (file.size === 0) return failureOf('file_too_small', 'The file is empty. Choose the photo again.')
  if (file.size < limits.min_bytes) {
    const detail = `The file has ${formatBytes(file.size)}; at least ${formatBytes(limits.min_bytes)} are needed.`
    return failureOf('file_too_small', detail)
  }
  return null
}

export const typeName = (type: string): string => names[type] ?? type.replace(/^image\//, '').toUpperCase()

/** For the file dialog. Some systems know HEIC and AVIF only by the ending. */
export function acceptOf(allowed: readonly string[]): string {
  const endings = ['avif', 'heic', 'heif'].filter(ending => allowed.includes(`image/${ending}`))
  return [...allowed, ...endings.map(ending => `.${ending}`)].join(',')
}

export const listOf = (words: readonly string[], joint = 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`
