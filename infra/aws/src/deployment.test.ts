import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readDeployment } from './deployment.ts'
import { SIZES } from './sizes.ts'
import { createKeyPair, exampleCdn, exampleDeployment } from './testing/example.ts'

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
const { privateKeySecretArn } = exampleCdn().key
const usEast = 'arn:aws:acm:us-east-1:123456789012:certificate/1'

describe('a deployment', () => {
  it('takes what it does not say from its size', () => {
    expect(readDeployment(exampleDeployment())).toMatchObject({ ...SIZES.hobby, poolMax: 3, registration: 'closed' })
    expect(readDeployment(exampleDeployment({ size: 'team', worker: { max: 10 } }))).toMatchObject({
      ...SIZES.team,
      worker: { ...SIZES.team.worker, max: 10 },
    })
  })

  it('takes RSA of 2,048 bits as well as ECDSA on P-256', () => {
    const key = { publicKey: rsa(2_048), privateKeySecretArn }
    expect(readDeployment(exampleDeployment({ cdn: { key } })).cdn.key.publicKey).toBe(key.publicKey)
  })

  it.each<[string, Parameters<typeof exampleDeployment>[0], RegExp]>([
    ['a name that S3 would refuse', { name: 'Photos!' }, /name: must be 3 to 20/],
    ['a name that RDS would refuse', { name: 'my--photos' }, /name: must be 3 to 20/],
    ['no region', { region: 'europe' }, /region: must be a region/],
    ['more tasks than anybody needs', { worker: { max: 51 } }, /worker\.max/],
    ['fewer tasks than there have to be', { api: { min: 3, max: 2 } }, /api\.min: is more than max/],
    [
      'memory that Fargate does not give',
      { api: { cpu: 512, memory: 8_192 } },
      /api\.memory: Fargate takes 1024 to 4096/,
    ],
    [
      'more tasks than the database has connections for',
      { worker: { max: 10 } },
      /t4g\.micro has 78 connections, too few for 12/,
    ],
    ['storage that would have to shrink', { database: { storageGb: 200 } }, /maxStorageGb: is less/],
    ['backups for longer than RDS keeps them', { database: { backupDays: 36 } }, /database\.backupDays/],
    ['a certificate of another region', { certificateArn: usEast }, /certificateArn: is of another region/],
    [
      'a certificate that CloudFront cannot see',
      {
        cdn: {
          ...exampleCdn(),
          ownName: { domain: 'img.example.org', certificateArn: usEast.replace('us-east-1', 'eu-central-1') },
        },
      },
      /us-east-1 only/,
    ],
    [
      'a secret of another region',
      {
        cdn: {
          key: { ...exampleCdn().key, privateKeySecretArn: privateKeySecretArn.replace('eu-central-1', 'eu-west-1') },
        },
      },
      /a secret is in another region/,
    ],
    [
      'a secret by its name',
      { cdn: { key: { ...exampleCdn().key, privateKeySecretArn: 'calotype/key' } } },
      /whole ARN/,
    ],
    [
      'a private key in the place of the public one',
      { cdn: { key: { publicKey: createKeyPair('a').privateKey, privateKeySecretArn } } },
      /public key as PEM/,
    ],
    [
      'a key that CloudFront does not take',
      { cdn: { key: { publicKey: rsa(4_096), privateKeySecretArn } } },
      /RSA of 2,048 bits/,
    ],
    [
      'a rotation to the same key',
      { cdn: { ...exampleCdn(), nextKey: { ...exampleCdn().key, signsFrom: '2030-01-31T12:00:00Z' } } },
      /is the key that it is to replace/,
    ],
    ['JPEG that outlives AVIF', { cdn: { ...exampleCdn(), edgeSeconds: { avifAndWebp: 60 } } }, /JPEG stays longer/],
    [
      'files at the edge for more than a year',
      { cdn: { ...exampleCdn(), edgeSeconds: { avifAndWebp: 31_536_001 } } },
      /avifAndWebp/,
    ],
    ['an archive for what is new', { archiveOriginalsAfterDays: 29 }, /archiveOriginalsAfterDays/],
    ['no budget', { monthlyBudgetUsd: 0 }, /monthlyBudgetUsd/],
    [
      'too many origins',
      { corsOrigins: Array.from({ length: 21 }, (_, n) => `https://${n}.example.org`) },
      /corsOrigins/,
    ],
  ])('is refused with %s', (_, changes, problem) => {
    expect(() => readDeployment(exampleDeployment(changes))).toThrow(problem)
  })

  it('names every problem at once, what it does not know included', () => {
    const wrong = { ...exampleDeployment(), region: 'x', alarmEmail: 'nobody', colour: 'blue' }
    expect(() => readDeployment(wrong)).toThrow(/region: .+\n.+alarmEmail: .+\n.+colour/)
  })
})
