import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { newId, passwordResetMail } from '@calotype/core'
import { afterEach, describe, expect, it } from 'vitest'
import { createSmtpMailer } from './smtp-mailer.ts'

const running: Server[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await new Promise(done => server.close(done))
})

/** A mail server that answers `RCPT` as it is told; what it got is in `data`. */
async function startMailServer(recipient: string) {
  const data: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => {})
    const say = (line: string) => socket.write(`${line}\r\n`)
    let reading = false
    say('220 test')
    createInterface({ input: socket }).on('line', line => {
      if (reading) {
        data.push(line)
        if (line !== '.') return
        reading = false
        return void say('250 taken')
      }
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'RCPT') return void say(recipient)
      if (verb === 'DATA') {
        reading = true
        return void say('354 go on')
      }
      if (verb === 'QUIT') return void socket.end('221 bye\r\n')
      say('250 fine')
    })
  })
  running.push(server)
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return { data, mailer: createSmtpMailer({ url: `smtp://127.0.0.1:${address.port}`, from: 'photos@example.org' }) }
}

const mail = () => ({
  ...passwordResetMail({ to: 'ada@example.org', name: 'Ada', link: 'https://example.org/' }),
  id: newId(),
})

describe('a mail server', () => {
  it('gets the mail under its own id', async () => {
    const { data, mailer } = await startMailServer('250 fine')
    const sent = mail()
    expect(await mailer.send(sent)).toBe(sent.id)
    expect(data.join('\n')).toContain(`Message-ID: <${sent.id}@example.org>`)
  })

  it('that refuses the recipient for good is believed, one that refuses for now is asked again', async () => {
    const final = await startMailServer('550 nobody here')
    await expect(final.mailer.send(mail())).rejects.toMatchObject({ code: 'mail_refused' })
    const later = await startMailServer('450 try later')
    await expect(later.mailer.send(mail())).rejects.toMatchObject({ code: 'mail_unavailable' })
  })

  it('that is away is asked again', async () => {
    const mailer = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: 'photos@example.org' })
    await expect(mailer.send(mail())).rejects.toMatchObject({ code: 'mail_unavailable', kind: 'network' })
  })
})
