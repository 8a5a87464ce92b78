import { KNOWN_ALGORITHMS } from '@calotype/jwt'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { ALGORITHMS } from './jwt-settings.ts'

const WHOLE = {
  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'calotype-api',
  JWT_JWKS_URL: 'https://issuer.example/jwks',
  JWT_ORGANIZATION_CLAIM: 'org_id',
  JWT_ROLE_CLAIM: 'https://issuer.example/roles',
  JWT_ROLE_MAP: 'photo-admin:admin, photo-user:member,urn:x:viewer:viewer',
}
const ORGANIZATION = '01K9Z5J8Q3T7W2X4Y6A8B0C2D4'

describe('the settings of another issuer', () => {
  it('are none by default', () => {
    expect(readConfig({}).jwt).toBeNull()
    expect(readConfig({ JWT_ISSUER: '' }).jwt).toBeNull()
  })

  it('are read whole', () => {
    expect(readConfig(WHOLE).jwt).toEqual({
      issuer: 'https://issuer.example/',
      audience: 'calotype-api',
      jwksUrl: 'https://issuer.example/jwks',
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      organization: { claim: 'org_id' },
      role: {
        claim: 'https://issuer.example/roles',
        map: new Map([
          ['photo-admin', 'admin'],
          ['photo-user', 'member'],
          ['urn:x:viewer', 'viewer'],
        ]),
      },
      projectsClaim: null,
    })
    const { JWT_ORGANIZATION_CLAIM: _, ...rest } = WHOLE
    const fixed = { ...rest, JWT_ORGANIZATION: ORGANIZATION, JWT_PROJECTS_CLAIM: 'projects', JWT_ALGORITHMS: 'PS256' }
    expect(readConfig(fixed).jwt).toMatchObject({
      organization: { id: ORGANIZATION },
      projectsClaim: 'projects',
      algorithms: ['PS256'],
    })
  })

  it('are refused when one is missing or goes against another', () => {
    for (const name of Object.keys(WHOLE)) {
      const rest = Object.fromEntries(Object.entries(WHOLE).filter(([each]) => each !== name))
      expect(() => readConfig(rest), name).toThrow(name)
    }
    expect(() => readConfig({ ...WHOLE, JWT_ORGANIZATION: ORGANIZATION })).toThrow('JWT_ORGANIZATION')
    expect(() => readConfig({ JWT_PROJECTS_CLAIM: 'projects' })).toThrow('JWT_ISSUER')
  })

  it('are refused where they would let anybody in', () => {
    const wrong = {
      JWT_ALGORITHMS: ['none', 'HS256', 'RS256,HS512', 'rs256', ','],
      JWT_JWKS_URL: ['http://issuer.example/jwks', 'http://127.0.0.1.evil.example/jwks', 'file:///etc/passwd', 'jwks'],
      JWT_ROLE_MAP: ['photo-admin', 'photo-admin:root', ':admin', 'a:admin,a:viewer', 'a:admin,b', ','],
    }
    for (const [name, values] of Object.entries(wrong))
      for (const value of values) expect(() => readConfig({ ...WHOLE, [name]: value }), value).toThrow(name)
    expect(() => readConfig({ ...WHOLE, JWT_ORGANIZATION_CLAIM: '', JWT_ORGANIZATION: 'x' })).toThrow(
      'JWT_ORGANIZATION',
    )
    for (const host of ['127.0.0.1:1', 'localhost', '[::1]:80'])
      expect(readConfig({ ...WHOLE, JWT_JWKS_URL: `http://${host}/jwks` }).jwt).not.toBeNull()
  })

  it('allow no algorithm that the verifier does not know, and none that is symmetric', () => {
    expect(ALGORITHMS.options).toEqual(KNOWN_ALGORITHMS)
    expect(KNOWN_ALGORITHMS.filter(name => /^(HS|none)/i.test(name))).toEqual([])
  })
})
