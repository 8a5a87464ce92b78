import { App } from 'aws-cdk-lib'
import type { Deployment } from './deployment.ts'
import { createStack } from './stack.ts'

/** Writes a template; throws where the rules that come with CDK, which know the schema of every resource, find what AWS would refuse. */
export function synthesize(deployment: Deployment, outdir?: string): void {
  const app = new App({
    context: { '@aws-cdk/core:validateAgainstDefaultRules': true },
    ...(outdir === undefined ? {} : { outdir }),
  })
  createStack(app, deployment)
  app.synth()
}
