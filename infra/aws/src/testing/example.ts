import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { DeploymentInput } from '../deployment.ts'

const exampleFile = new URL('../../deployment.example.json', import.meta.url)

/** The example of the documents, in parts or as a whole another one. */
export const exampleDeployment = (changes: Partial<DeploymentInput> = {}): Record<string, unknown> => ({
  ...JSON.parse(readFileSync(exampleFile, 'utf8')),
  ...changes,
})

const Example = z.looseObject({
  cdn: z.object({ key: z.object({ publicKey: z.string(), privateKeySecretArn: z.string() }) }),
})

/** The CDN of the example, to be given more. */
export const exampleCdn = (): DeploymentInput['cdn'] => Example.parse(exampleDeployment()).cdn

/** A new key pair as the settings of the CDN take it, and its private half. */
export function createKeyPair(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    pair: {
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      privateKeySecretArn: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:calotype/${name}-AbCdEf`,
    },
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
