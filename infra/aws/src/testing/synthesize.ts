import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { z } from 'zod'
import { type DeploymentInput, readDeployment } from '../deployment.ts'
import { createStack } from '../stack.ts'

// CDK's own rules take seconds; `npm run check` runs them once for each size.
process.env.CDK_VALIDATION = 'false'

const exampleFile = new URL('../../deployment.example.json', import.meta.url)

/** The example of the documents, in parts or as a whole another one. */
export const exampleDeployment = (changes: Partial<DeploymentInput> = {}): unknown => ({
  ...JSON.parse(readFileSync(exampleFile, 'utf8')),
  ...changes,
})

const Example = z.looseObject({
  cdn: z.object({ key: z.object({ publicKey: z.string(), privateKeySecretArn: z.string() }) }),
})

/** The CDN of the example, to be given more. */
export const exampleCdn = (): DeploymentInput['cdn'] => Example.parse(exampleDeployment()).cdn

/** The template of a deployment. */
export const synthesize = (changes: Partial<DeploymentInput> = {}): Template =>
  Template.fromStack(createStack(new App(), readDeployment(exampleDeployment(changes))))

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
