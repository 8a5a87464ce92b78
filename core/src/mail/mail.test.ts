import { describe, expect, it } from 'vitest'
import { createMemoryDatabase, createMemoryMailer, createTestClock } from '../testing/index.ts'
import { deliverMail } from './deliver-mail.ts'
import { mailRefused, mailUnavailable } from './errors.ts'
import { createMailSeal } from './mail-seal.ts'
import type { Mailer } from './mailer.ts'
import { passwordResetMail } from './password-reset-mail.ts'
import { queueMail } from './queue-mail.ts'
import { writeMail } from './write-mail.ts'

const LINK = 'https://photos.example/#reset=a-secret-token'
const MAIL = passwordResetMail({ to: 'ada@example.org', name: 'Ada', link: LINK })

async function scene(mailer: Mailer = createMemoryMailer()) {
  const clock = createTestClock()
  const database = createMemoryDatabase(clock)
  const mailSeal = createMailSeal('a secret for tests')
  const expiresAt = new Date(clock.now().getTime() + 3_600_000)
  const id = await queueMail({ jobs: database.jobs, mailSeal }, MAIL, { requestId: 'r', expiresAt })
  const payload = {
    requestId: 'r',
    mailId: id,
    expiresAt: expiresAt.toISOString(),
    sealed: sealedIn(database.queue.list()),
  }
  const deliver = (seal = mailSeal) => deliverMail({ mailer, mailSeal: seal, clock }, payload)
  return { clock, database, mailSeal, id, payload, deliver }
}

const sealedIn = (jobs: readonly { payload: unknown }[]): string =>
  /"sealed":"([^"]+)"/.exec(JSON.stringify(jobs))?.[1] ?? ''

describe('a mail in the queue', () => {
  it('cannot be read there, and arrives as it was, once however often it is sent', async () => {
    const mailer = createMemoryMailer()
    const { database, id, deliver } = await scene(mailer)
    const waiting = JSON.stringify(database.queue.list())
    for (const hidden of ['ada@example.org', 'a-secret-token', 'Ada']) expect(waiting).not.toContain(hidden)
    expect([await deliver(), await deliver()]).toEqual(['sent', 'sent'])
    expect([...mailer.sent.values()]).toEqual([{ ...MAIL, id }])
  })

  it('ends when its link has expired, when it is refused for good, and when its seal is another', async () => {
    const mailer = createMemoryMailer()
    const { clock, deliver } = await scene(mailer)
    expect(await deliver(createMailSeal('another secret'))).toBe('unreadable')
    clock.advance(3_600_000)
    expect(await deliver()).toBe('expired')
    expect(mailer.sent.size).toBe(0)
    const refusing = await scene({ send: () => Promise.reject(mailRefused(null)) })
    expect(await refusing.deliver()).toBe('refused')
  })

  it('is tried again while the mail server is away', async () => {
    const { deliver } = await scene({ send: () => Promise.reject(mailUnavailable(null)) })
    await expect(deliver()).rejects.toMatchObject({ code: 'mail_unavailable' })
  })
})

describe('a seal', () => {
  it('is new every time, and broken by every change', () => {
    const seal = createMailSeal('a secret for tests')
    const sealed = seal.seal('text')
    expect(sealed).not.toBe(seal.seal('text'))
    expect(seal.open(sealed)).toBe('text')
    for (let at = 0; at < sealed.length - 2; at++) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`
      expect(() => seal.open(changed)).toThrow()
    }
    for (const cut of ['', 'AAAA', sealed.slice(0, 20)]) expect(() => seal.open(cut)).toThrow()
  })
})

it('a letter has its link in both forms, and makes no HTML of what people call themselves', () => {
  const name = '<img src=x onerror="a()">'
  const letter = { to: 'a@b.c', subject: 'S', name, before: ['B & C'], action: { words: 'Go', link: LINK }, after: [] }
  const { text, html } = writeMail(letter)
  expect(text).toContain(`Go:\n${LINK}`)
  expect(html).toContain(`href="${LINK}"`)
  expect(html).toContain('B &#38; C')
  expect(html).not.toContain('<img')
})
