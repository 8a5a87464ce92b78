import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId, passwordResetMail } from '@calotype/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDiskMailer, MAX_OUTBOX_MAILS } from './disk-mailer.ts'

let root: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'calotype-outbox-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const FROM = 'Calotype <photos@example.org>'
const LINK = `https://photos.example.org/#reset=${'x'.repeat(120)}`
const letter = () => ({ ...passwordResetMail({ to: 'ada@example.org', name: 'Ada <b>', link: LINK }), id: newId() })
const outbox = (keep?: number) => {
  const directory = path.join(root, `outbox-${++count}`)
  return { directory, mailer: createDiskMailer({ directory, from: FROM, ...(keep === undefined ? {} : { keep }) }) }
}
const modeOf = async (file: string) => (await stat(file)).mode & 0o777

/** The text of a mail as a mail program decodes it. */
const decoded = (source: string) =>
  source
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

describe('the outbox', () => {
  it('keeps a mail that a mail program can read, for its owner alone', async () => {
    const { directory, mailer } = outbox()
    const mail = letter()
    expect(await mailer.send(mail)).toBe(mail.id)
    expect(await readdir(directory)).toEqual([`${mail.id}.eml`])
    const file = path.join(directory, `${mail.id}.eml`)
    expect([await modeOf(directory), await modeOf(file)]).toEqual([0o700, 0o600])
    const source = await readFile(file, 'utf8')
    for (const line of ['To: ada@example.org', 'From: Calotype <photos@example.org>', 'Subject: Set a new password'])
      expect(source).toContain(line)
    expect(source).toContain(`Message-ID: <${mail.id}@example.org>`)
    expect(decoded(source)).toContain(LINK)
    expect(decoded(source)).toContain('Hello Ada &#60;b&#62;,')
  })

  it('closes a directory that was open to others', async () => {
    const { directory, mailer } = outbox()
    await mailer.send(letter())
    await chmod(directory, 0o755)
    await mailer.send(letter())
    expect(await modeOf(directory)).toBe(0o700)
  })

  it('is the same file when the same mail is sent again, also over what a killed process left', async () => {
    const { directory, mailer } = outbox()
    const mail = letter()
    await mailer.send(mail)
    await writeFile(path.join(directory, `${mail.id}.eml.tmp`), 'half', { mode: 0o644 })
    await mailer.send(mail)
    expect(await readdir(directory)).toEqual([`${mail.id}.eml`])
  })

  it('keeps the newest mails and nothing of anybody else’s', async () => {
    expect(MAX_OUTBOX_MAILS).toBe(1_000)
    const { directory, mailer } = outbox(3)
    await mailer.send(letter())
    await writeFile(path.join(directory, 'notes.txt'), 'mine')
    const newest: string[] = []
    for (let at = 0; at < 3; at++) newest.push(await mailer.send(letter()))
    const kept = (await readdir(directory)).sort()
    expect(kept).toEqual([...newest.map(id => `${id}.eml`), 'notes.txt'].sort())
  })
})
