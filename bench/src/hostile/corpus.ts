import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSharpImageProcessor } from '@calotype/sharp'
import sharp from 'sharp'
import { quantile } from '../statistics.ts'
import { megabytes, printTable, whole } from '../table.ts'
import { type Case, readManifest } from './manifest.ts'
import { engineProcesses, memoryOf, type Outcome, outcomeOf, resetPeak } from './outcome.ts'

interface Judged extends Case, Outcome {
  /** Resident memory that a refusal took on top, in bytes; null where the process did not live to tell. */
  extraBytes: number | null
}

/** Every file of the corpus, alone on a warm process, so that time and memory are its own. */
async function judgeAlone(cases: readonly Case[]): Promise<Judged[]> {
  const engine = createSharpImageProcessor({ processes: 1, jobsPerProcess: Number.POSITIVE_INFINITY })
  const judged: Judged[] = []
  try {
    await outcomeOf(engine, cases.find(({ wanted }) => wanted === 'ready')?.path ?? '')
    for (const each of cases) {
      const [pid = 0] = engineProcesses()
      const before = memoryOf(pid).now
      resetPeak(pid)
      const outcome = await outcomeOf(engine, each.path)
      const { peak } = memoryOf(pid)
      judged.push({ ...each, ...outcome, extraBytes: outcome.code === 'ready' || peak === 0 ? null : peak - before })
    }
  } finally {
    await engine.close()
  }
  return judged
}

/** Sound pictures beside every file of the corpus. @returns how many of them were lost, and out of how many */
async function judgeNeighbours(cases: readonly Case[]): Promise<{ lost: number; all: number }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calotype-neighbour-'))
  const engine = createSharpImageProcessor({ processes: 2 })
  const sound = path.join(folder, 'sound.png')
  let [lost, all] = [0, 0]
  try {
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#369' } })
      .png()
      .toFile(sound)
    for (const each of cases) {
      const hostile = outcomeOf(engine, each.path)
      const neighbours = await Promise.all([outcomeOf(engine, sound), outcomeOf(engine, sound)])
      await hostile
      all += neighbours.length
      lost += neighbours.filter(({ code }) => code !== 'ready').length
    }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { lost, all }
}

const isWrong = ({ wanted, code, isVerdict }: Judged): boolean =>
  (wanted === 'ready' && code !== 'ready') ||
  (wanted === 'refused' && code === 'ready') ||
  (wanted !== 'ready' && !isVerdict)

const p99 = (judged: readonly Judged[]): string =>
  whole(
    quantile(
      judged.map(({ wallMs }) => wallMs),
      0.99,
    ),
  )

/** All of the corpus by its manifest: verdicts, leaks, and what a refusal costs. */
export async function judgeCorpus(): Promise<void> {
  const cases = await readManifest()
  const judged = await judgeAlone(cases)
  const refused = judged.filter(({ code }) => code !== 'ready')
  const extra = refused.flatMap(({ extraBytes }) => extraBytes ?? [])
  const neighbours = await judgeNeighbours(cases.filter(({ wanted }) => wanted !== 'ready'))
  const count = (wanted: Case['wanted'], test: (each: Judged) => boolean): string =>
    String(judged.filter(each => each.wanted === wanted && test(each)).length)
  printTable(
    `${judged.length} files by their manifest`,
    ['figure', 'found', 'wanted'],
    [
      ['hostile accepted', count('refused', ({ code }) => code === 'ready'), '0'],
      ['valid refused', count('ready', ({ code }) => code !== 'ready'), '0'],
      ['ended without a verdict', String(judged.filter(({ isVerdict }) => !isVerdict).length), '0'],
      ['variants that carry a canary or metadata', String(judged.flatMap(({ leaks }) => leaks).length), '0'],
      ['refusal, p99, ms', p99(refused.filter(({ isHeic }) => !isHeic)), '≤ 100'],
      ['refusal of HEIC, p99, ms', p99(refused.filter(({ isHeic }) => isHeic)), '≤ 300'],
      ['refusal, most extra memory, MB', megabytes(Math.max(...extra)), '≤ 50'],
      ['sound neighbours lost', `${neighbours.lost} of ${neighbours.all}`, '0'],
    ],
  )
  const notable = judged.filter(
    each =>
      isWrong(each) ||
      each.leaks.length > 0 ||
      (each.code !== 'ready' && (each.wallMs > 100 || (each.extraBytes ?? 0) > 50e6)),
  )
  const rows = notable.map(each => [
    each.name,
    each.wanted,
    each.code,
    whole(each.wallMs),
    megabytes(each.extraBytes ?? 0),
  ])
  if (rows.length > 0) printTable('Worth a look', ['file', 'wanted', 'found', 'ms', 'extra MB'], rows)
}
