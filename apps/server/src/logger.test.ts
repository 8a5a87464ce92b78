import pino from 'pino'
import { expect, it } from 'vitest'
import { hideSecrets, loggerOptions } from './logger.ts'

function scene() {
  const lines: string[] = []
  const log = pino(loggerOptions({ logLevel: 'trace' }), { write: line => void lines.push(line) })
  return { log, text: () => lines.join('') }
}

const SECRET = 'correct-horse-battery'

it.each([
  { authorization: SECRET },
  { headers: { Authorization: SECRET, cookie: SECRET } },
  { request: { response: { headers: { 'set-cookie': [SECRET] } } } },
  { body: [{ user: { password: SECRET, newPassword: SECRET, currentPassword: SECRET } }] },
  { token: SECRET, signature: SECRET, secret: SECRET },
  { metadata: { gps: { latitude: SECRET } }, latitude: SECRET, longitude: SECRET, altitude: SECRET },
])('cuts out what the name says is secret: %o', object => {
  const { log, text } = scene()
  log.info(object, 'told')
  expect(text()).toContain('(hidden)')
  expect(text()).not.toContain(SECRET)
})

const HEX = 'a1'.repeat(32)
const JWT = `eyJhbGciOiJub25lIn0.${'e30'.repeat(4)}.${'c2ln'.repeat(4)}`

it.each([
  [`http://h/cdn/k?expires=1&signature=${HEX}`, HEX],
  [`https://b.s3/k?X-Amz-Signature=${HEX}&x=1`, HEX],
  [`http://h/#token=cal_link_${'x'.repeat(43)}`, 'x'.repeat(43)],
  [`no such key: cal_key_${'y-_'.repeat(14)}y`, 'y-_y-_'],
  [`Bearer ${SECRET} was refused`, SECRET],
  [`BEARER ${SECRET}`, SECRET],
  [`token ${JWT} is old`, JWT.slice(12)],
  [`postgres://calotype:${SECRET}@db/x is away`, SECRET],
  [`GET /api/auth/reset-password/${SECRET}`, SECRET],
  [`/api/auth/verify-email?token=${SECRET}&callbackURL=/`, SECRET],
])('cuts out of text what looks like a secret: %s', (text, secret) => {
  const { log, text: written } = scene()
  log.warn({ err: new Error(text), path: text }, text)
  expect(written()).not.toContain(secret)
  expect(written().match(/\(hidden\)/g)?.length).toBeGreaterThanOrEqual(3)
  expect(JSON.parse(written())).toMatchObject({ level: 'warn' })
})

it('shows everything else as it is', () => {
  const { log, text } = scene()
  const line = {
    path: '/api/v1/images/01K9',
    status: 200,
    email: 'a@b.example',
    list: [1, { deep: null }],
    token: null,
  }
  log.info(line, 'a = b')
  expect(JSON.parse(text())).toMatchObject({ ...line, msg: 'a = b', level: 'info' })
  expect(hideSecrets('a=b')).toBe('a=b')
})

it('ends at what refers to itself, and changes nothing that it was given', () => {
  const { log, text } = scene()
  const own: Record<string, unknown> = { password: SECRET, list: [] }
  own.self = own
  log.info({ own }, 'told')
  expect(text()).not.toContain(SECRET)
  expect(own.password).toBe(SECRET)
})
