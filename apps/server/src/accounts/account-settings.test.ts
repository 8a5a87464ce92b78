import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the open mode', () => {
  it('starts where nobody else comes', () => {
    const alone: Array<Record<string, string>> = [{}, { HOST: 'localhost' }, { HOST: '::1' }, { HOST: '127.8.8.8' }]
    for (const env of [...alone, { PUBLIC_URL: 'http://localhost:3000' }, { PUBLIC_URL: 'http://[::1]:80' }])
      expect([env, problemsOf({ AUTH: 'open', ...env })]).toEqual([env, []])
  })

  it('is refused on a public address, with every reason, unless it is meant', () => {
    const env = { AUTH: 'open', HOST: '0.0.0.0', PUBLIC_URL: 'https://photos.example' }
    const problems = problemsOf(env)
    expect(problems).toHaveLength(2)
    expect(problems[0]).toMatch(/^AUTH="open": HOST="0\.0\.0\.0" .*AUTH_OPEN_PUBLIC=yes/)
    expect(problems[1]).toMatch(/^AUTH="open": PUBLIC_URL="https:\/\/photos\.example" /)
    for (const HOST of ['::', '192.168.1.2', 'photos.example', '127.0.0.1.example', 'localhost.example'])
      expect([HOST, problemsOf({ AUTH: 'open', HOST }).length]).toEqual([HOST, 1])
    expect(problemsOf({ ...env, AUTH_OPEN_PUBLIC: 'yes' })).toEqual([])
    expect(problemsOf({ ...env, AUTH_OPEN_PUBLIC: 'no' })).toHaveLength(2)
    expect(problemsOf({ ...env, AUTH: 'accounts' })).toEqual([])
  })
})

describe('the settings of accounts', () => {
  it('have safe values by default', () => {
    expect(readConfig({}).accounts).toEqual({
      ...{ mode: 'accounts', registration: 'open', trustedHosts: [], smtpUrl: null },
      mailFrom: 'Calotype <calotype@localhost>',
    })
  })

  it('are read, and told apart from nonsense without showing the password of the mail server', () => {
    const env = { TRUSTED_HOSTS: ' A.example, b:81,[::1]:9 ', SMTP_URL: 'smtps://u:p@mail.example', MAIL_FROM: 'a@b.c' }
    expect(readConfig({ ...env, REGISTRATION: 'closed' }).accounts).toEqual({
      ...{ mode: 'accounts', registration: 'closed', smtpUrl: env.SMTP_URL, mailFrom: 'a@b.c' },
      trustedHosts: ['a.example', 'b:81', '[::1]:9'],
    })
    expect(problemsOf({ SMTP_URL: env.SMTP_URL })).toEqual(['MAIL_FROM is missing: with SMTP_URL mails need a sender'])
    const wrong = {
      AUTH: 'none',
      REGISTRATION: 'maybe',
      TRUSTED_HOSTS: 'https://a',
      SMTP_URL: 'http://u:pa55@x',
      MAIL_FROM: 'x',
    }
    const problems = problemsOf(wrong)
    expect(problems.map(line => line.split('=')[0]).sort()).toEqual(Object.keys(wrong).sort())
    expect(problems.join()).not.toContain('pa55')
  })
})
