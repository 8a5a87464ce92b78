import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AuditLog, AuditReport, Image, ImageList, ReconcileReport } from '@calotype/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freshJpeg } from './drawing/photo.ts'
import { isLocal, useTarget } from './target.ts'

const PROGRAM = path.resolve(import.meta.dirname, '../../cli/start.js')
const TWO_DAYS_MS = 2 * 86_400_000

interface Ended {
  code: number | null
  out: string
  err: string
}

function calotype(env: Record<string, string>, ...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...words], { env: { PATH: process.env.PATH ?? '', ...env } })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', chunk => {
    ended.out += String(chunk)
  })
  child.stderr.on('data', chunk => {
    ended.err += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ ...ended, code }))
  })
}

describe('the command line', () => {
  // The sweep must not be faster than the comparison.
  const target = useTarget({ ORPHAN_GRACE: '2592000' })
  let directory: string
  const run = (...words: string[]) => calotype({ CALOTYPE_URL: target.url, CALOTYPE_API_KEY: target.key }, ...words)
  /** A command that has to succeed, its answer as JSON. */
  const json = async <T>(schema: { parse(value: unknown): T }, ...words: string[]): Promise<T> => {
    const { code, out, err } = await run('--json', ...words)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return schema.parse(JSON.parse(out))
  }
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'calotype-cli-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('helps, and says which exit code means what', async () => {
    const { code, out } = await run('--help')
    expect(code).toBe(0)
    for (const word of ['images', 'upload', 'explain', 'reconcile', 'audit', 'Exit codes', 'CALOTYPE_API_KEY'])
      expect(out).toContain(word)
    expect(await run('audit', 'verify', '--help')).toMatchObject({ code: 0, err: '' })
  })

  it('uploads, shows, explains, deletes and restores', async () => {
    const file = path.join(directory, 'roof.jpg')
    await writeFile(file, await freshJpeg())
    const sent = z.array(z.object({ image: Image }))
    const [{ image } = { image: null }] = await json(sent, 'upload', '--wait', file)
    if (!image) throw new Error('The file was not taken')
    expect(image.status).toBe('ready')
    expect((await json(ImageList, 'images', 'list')).items.map(each => each.id)).toContain(image.id)
    const shown = await run('images', 'get', image.id)
    expect(shown.out).toMatch(/ready.*roof\.jpg/)
    expect(shown.out).toContain('avif')
    expect((await run('explain', image.id)).out).toContain('\n')
    expect(await run('images', 'delete', image.id)).toMatchObject({ code: 0, out: 'Deleted 1 of 1.\n' })
    const deleted = await json(ImageList, 'images', 'list', '--status', 'deleted')
    expect(deleted.items.map(each => each.id)).toContain(image.id)
    expect(await run('images', 'restore', image.id)).toMatchObject({ code: 0, out: `${image.id}  ready\n` })
    const log = await json(AuditLog, 'audit', 'list', '--subject', image.id)
    expect(log.items.map(entry => entry.action)).toEqual(['image.restored', 'image.deleted'])
    const { code, out, err } = await run('upload', file, path.join(directory, 'nothing.jpg'))
    expect([code, err]).toEqual([7, '1 of 2 files were not taken.\n'])
    expect(out).toContain('not taken')
  })

  it('checks the audit log, against heads that were kept', async () => {
    expect((await json(AuditReport, 'audit', 'verify')).ok).toBe(true)
    expect((await run('audit', 'verify')).out).toMatch(/^Nothing was changed: \d+ entries/)
    const cut = await run('audit', 'verify', '--head', `999999:${'0'.repeat(64)}`)
    expect(cut.code).toBe(10)
    expect(cut.out).toContain('its end was cut off')
    expect((await run('audit', 'verify', '--head', 'nonsense')).code).toBe(2)
    expect((await run('audit', 'verify', '--organization', '01K00000000000000000000000')).code).toBe(5)
  })

  it.skipIf(!isLocal)('compares storage with what is on record, and repairs', async () => {
    const key = 'uploads/01K00000000000000000000000'
    const object = path.join(target.local().dataDirectory, 'blobs', 'objects', key)
    await mkdir(path.dirname(object), { recursive: true })
    await writeFile(object, 'left over')
    const young = await json(ReconcileReport, 'reconcile', '--all')
    expect(young.findings).toEqual([])
    const old = new Date(Date.now() - TWO_DAYS_MS)
    await utimes(object, old, old)
    const dry = await run('reconcile', '--all')
    expect(dry).toMatchObject({ code: 10, err: 'Storage and records differ.\n' })
    expect(dry.out).toContain(`${key}\n  Nothing refers to this object of 9 bytes.`)
    const repaired = await json(ReconcileReport, 'reconcile', '--all', '--apply')
    expect(repaired.findings).toMatchObject([{ key, outcome: 'removed' }])
    expect((await run('reconcile', '--all')).out).toContain('Nothing differs.')
  })

  it('ends with a code for each kind of failure, and no trace of the program', async () => {
    const nothing = '01K00000000000000000000000'
    const cases: ReadonlyArray<[Ended, number]> = [
      [await run('images', 'get', nothing), 5],
      [await run('images', 'delete', nothing), 5],
      [await run('nonsense'), 2],
      [await run('images', 'list', '--limit', '0'), 2],
      [await calotype({ CALOTYPE_URL: target.url }, 'images', 'list'), 3],
      [await calotype({ CALOTYPE_URL: target.url, CALOTYPE_API_KEY: 'wrong' }, 'images', 'list'), 3],
      [await calotype({ CALOTYPE_URL: 'nowhere', CALOTYPE_API_KEY: 'x' }, 'images', 'list'), 2],
      [await calotype({ CALOTYPE_URL: 'http://127.0.0.1:9', CALOTYPE_API_KEY: 'x' }, 'images', 'list'), 9],
    ]
    for (const [{ code, out, err }, expected] of cases) {
      expect({ code, out, err }).toMatchObject({ code: expected, out: expect.any(String) })
      expect(err).not.toBe('')
      expect(err).not.toMatch(/\bat .+\.ts:\d+/)
    }
  })
})
