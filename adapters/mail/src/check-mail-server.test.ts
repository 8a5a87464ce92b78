import { createServer, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, expect, it } from 'vitest'
import { checkMailServer } from './check-mail-server.ts'

const running: Server[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await new Promise(done => server.close(done))
})

/** A mail server that wants a password and answers it as told; what it heard is in `heard`. */
async function startMailServer(answer: string) {
  const heard: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => {})
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test')
    createInterface({ input: socket }).on('line', line => {
      const verb = line.slice(0, 4).toUpperCase()
      heard.push(verb)
      if (verb === 'EHLO') return void say('250-test\r\n250 AUTH PLAIN')
      if (verb === 'AUTH') return void say(answer)
      if (verb === 'QUIT') return void socket.end('221 bye\r\n')
      say('250 fine')
    })
  })
  running.push(server)
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return { heard, url: `smtp://ada:secret@127.0.0.1:${address.port}` }
}

it('signs in and sends nothing', async () => {
  const { heard, url } = await startMailServer('235 welcome')
  await checkMailServer(url)
  expect(heard).toContain('AUTH')
  expect(heard).not.toContain('MAIL')
})

it('names a server that does not let us in, and one that is away', async () => {
  const { url } = await startMailServer('535 no')
  await expect(checkMailServer(url)).rejects.toThrow(/535/)
  await expect(checkMailServer('smtp://127.0.0.1:1')).rejects.toThrow(/ECONNREFUSED/)
})
