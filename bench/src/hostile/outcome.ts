import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  DEFAULT_SOURCE_LIMITS,
  DEFAULT_VARIANTS,
  DomainError,
  type ImageProcessor,
  type RenderResult,
  type VariantSpec,
} from '@calotype/core'
import sharp from 'sharp'

/** How one file ended. */
export interface Outcome {
  /** `ready`, or the code of the refusal; `no code` is a defect. */
  code: string
  /** Whether the content was judged; a lost process or a time limit is no verdict. */
  isVerdict: boolean
  wallMs: number
  /** Peak of resident memory in bytes; null where the file was refused. */
  peakBytes: number | null
  /** What a variant carries that it must not. */
  leaks: readonly string[]
}

const METADATA = ['exif', 'xmp', 'iptc', 'icc'] as const

async function findLeaks(result: RenderResult): Promise<string[]> {
  const leaks: string[] = []
  for (const { path: file, name, format } of result.variants) {
    const bytes = await readFile(file)
    if (bytes.includes('CANARY')) leaks.push(`${name} ${format}: CANARY`)
    const found = await sharp(bytes).metadata()
    for (const part of METADATA) if (found[part] !== undefined) leaks.push(`${name} ${format}: ${part}`)
  }
  return leaks
}

/** Renders a file in a folder of its own and tells how it ended. */
export async function outcomeOf(
  engine: ImageProcessor,
  source: string,
  variants: readonly VariantSpec[] = DEFAULT_VARIANTS,
): Promise<Outcome> {
  const outputDirectory = await mkdtemp(path.join(tmpdir(), 'calotype-hostile-'))
  const request = { source, outputDirectory, declaredType: null, limits: DEFAULT_SOURCE_LIMITS }
  const started = performance.now()
  try {
    const result = await engine.render({ ...request, recipe: { id: 'bench', variants } })
    const wallMs = performance.now() - started
    const leaks = await findLeaks(result)
    return { code: 'ready', isVerdict: true, wallMs, peakBytes: result.timings.peak_rss_bytes, leaks }
  } catch (error) {
    const wallMs = performance.now() - started
    const isVerdict = error instanceof DomainError && (error.kind === 'content' || error.kind === 'too_large')
    const code = error instanceof DomainError ? error.code : 'no code'
    return { code, isVerdict, wallMs, peakBytes: null, leaks: [] }
  } finally {
    await rm(outputDirectory, { recursive: true, force: true })
  }
}

/** The engine processes of this program. */
export const engineProcesses = (): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(isChild)
    .filter(pid => readOr(`/proc/${pid}/cmdline`).includes('worker'))

const isChild = (pid: number): boolean =>
  readOr(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1] === String(process.pid)

const readOr = (file: string): string => {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Forgets the highest resident memory of a process so far (proc(5), clear_refs). */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** Resident memory of a process now and at its highest, in bytes. */
export const memoryOf = (pid: number): { now: number; peak: number } => {
  const status = readOr(`/proc/${pid}/status`)
  const read = (field: string): number => 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
  return { now: read('VmRSS'), peak: read('VmHWM') }
}
