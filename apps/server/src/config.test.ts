import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    const defaults = { port: 3000, host: '127.0.0.1', publicUrl: null, secretKey: null, corsOrigins: [] }
    const times = { uploadUrlSeconds: 900, signedUrlSeconds: 600, databasePoolMax: 10, databasePoolIdleSeconds: 30 }
    expect(readConfig({})).toMatchObject({ ...defaults, ...times, maxUploadBytes: 52_428_800, logLevel: 'info' })
    expect(readConfig({}).dataDirectory).toBe(path.resolve('data'))
  })

  it('takes what is set; empty counts as not set', () => {
    const env = {
      PORT: '0',
      PUBLIC_URL: 'https://img.example.org//',
      CORS_ORIGINS: ' https://a.example/x , ,http://b:81',
      HOST: '',
    }
    const read = { port: 0, host: '127.0.0.1', publicUrl: 'https://img.example.org' }
    expect(readConfig(env)).toMatchObject({ ...read, corsOrigins: ['https://a.example', 'http://b:81'] })
    expect(readConfig({ SECRET_KEY: 'k'.repeat(32) }).secretKey).toBe('k'.repeat(32))
  })

  it('names every problem at once, with the variable and what it was', () => {
    const wrong = {
      ...{ PORT: '70000', DATABASE_POOL_MAX: 'many', UPLOAD_URL_TTL: '59', SIGNED_URL_TTL: '1.5' },
      ...{ LOG_LEVEL: 'loud', LOG_FORMAT: 'xml', PUBLIC_URL: 'ftp://x', CORS_ORIGINS: 'https://ok.example,nonsense' },
      ...{ MAX_UPLOAD_BYTES: '-1', ENGINE_PROCESSES: '0', ORPHAN_GRACE: '0' },
    }
    const problems = problemsOf(wrong)
    for (const [name, value] of Object.entries(wrong))
      expect(problems.filter(line => line.startsWith(`${name}=${JSON.stringify(value)}: `))).toHaveLength(1)
    expect(problems).toHaveLength(Object.keys(wrong).length)
    expect(() => readConfig(wrong)).toThrow(`has ${problems.length} problems:\n  `)
    expect(() => readConfig({ PORT: 'x' })).toThrow('has 1 problem:\n  PORT="x": ')
  })

  it('takes proxies that are addresses, ranges or groups, and nothing else', () => {
    expect(readConfig({}).trustedProxies).toEqual([])
    const good = '10.0.0.0/8, ::1,2001:db8::/32 , loopback,192.0.2.1'
    expect(readConfig({ TRUST_PROXY: good }).trustedProxies).toHaveLength(5)
    for (const bad of [
      'true',
      '1',
      '*',
      '10.0.0.0/33',
      '10.0.0.0/',
      '::/129',
      '10.0.0.1/8/8',
      'proxy.example',
      'loopback,x',
    ])
      expect(problemsOf({ TRUST_PROXY: bad })).toHaveLength(1)
  })

  it('never shows a secret', () => {
    const problems = problemsOf({ SECRET_KEY: 'hunter2', PORT: 'x' })
    expect(problems.join('\n')).toContain('SECRET_KEY=(hidden): must have at least 32 characters')
    expect(problems.join('\n')).not.toContain('hunter2')
  })

  it('takes the bounds of every number and nothing beyond them', () => {
    for (const [name, min, max] of [
      ['PORT', 0, 65_535],
      ['UPLOAD_URL_TTL', 60, 3_600],
      ['SIGNED_URL_TTL', 1, 86_400],
      ['DATABASE_POOL_MAX', 2, 40],
      ['ENGINE_PROCESSES', 1, 64],
    ] as const) {
      for (const good of [min, max]) expect(problemsOf({ [name]: String(good) })).toEqual([])
      for (const bad of [min - 1, max + 1, Number.NaN]) expect(problemsOf({ [name]: String(bad) })).toHaveLength(1)
    }
  })
})
