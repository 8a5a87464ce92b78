import { describe, expect, it } from 'vitest'
import { createGrants } from './grants.ts'

const PROJECT = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const IMAGE = '01BX5ZZKBKACTAV9WEVGEMMVRZ'
const path = (visibility: string, name = 'full.webp') => `/cdn/${visibility}/${PROJECT}/${IMAGE}/abc123/${name}`

/** Signatures are `good`; how often one was looked at is counted. */
function createCounted() {
  let checks = 0
  const grants = createGrants({
    verify(_key, query, now) {
      checks += 1
      const match = /^expires=(\d+)&signature=good$/.exec(query)
      if (!match) return 'invalid'
      return now < Number(match[1]) ? 'ok' : 'expired'
    },
  })
  return { grants, checks: () => checks }
}

describe('createGrants', () => {
  it('checks a signature once, and the expiry every time', () => {
    const { grants, checks } = createCounted()
    const url = `${path('private')}?expires=100&signature=good`
    const grant = { expiresAt: 100, key: { projectId: PROJECT, imageId: IMAGE, format: 'webp' } }
    expect(grants.judge(url, 50)).toMatchObject(grant)
    expect(grants.judge(url, 99)).toMatchObject(grant)
    expect(checks()).toBe(1)
    expect(grants.judge(url, 100)).toBe('expired')
    expect(grants.judge(url, 101)).toBe('expired')
  })

  it('remembers nothing that is not good, and takes no other spelling for a known URL', () => {
    const { grants, checks } = createCounted()
    const bad = `${path('private')}?expires=100&signature=bad`
    expect(grants.judge(`${path('private')}?expires=100&signature=good`, 50)).toHaveProperty('key')
    for (let time = 0; time < 3; time++) expect(grants.judge(bad, 50)).toBe('invalid')
    expect(grants.judge(path('private'), 50)).toBe('invalid')
    expect(grants.judge(`${path('private', 'thumb.webp')}?expires=100&signature=bad`, 50)).toBe('invalid')
    expect(checks()).toBe(6)
  })

  it('grants public objects to everybody and unknown paths to nobody', () => {
    const { grants, checks } = createCounted()
    expect(grants.judge(path('public'), 50)).toMatchObject({ expiresAt: null })
    expect(grants.judge(`/cdn/uploads/${IMAGE}`, 50)).toBe('unknown')
    expect(grants.judge(`${path('private', '..%2Ffull.webp')}?expires=100&signature=good`, 50)).toBe('unknown')
    expect(checks()).toBe(0)
  })

  it('forgets the oldest of very many', () => {
    const { grants, checks } = createCounted()
    const url = (n: number) => `${path('private')}?expires=${1_000_000 + n}&signature=good`
    for (let n = 0; n <= 4_096; n++) grants.judge(url(n), 50)
    const before = checks()
    grants.judge(url(4_096), 50)
    grants.judge(url(1), 50)
    expect(checks()).toBe(before)
    grants.judge(url(0), 50)
    expect(checks()).toBe(before + 1)
  })
})
