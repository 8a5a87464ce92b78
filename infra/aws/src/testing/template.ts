import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { type DeploymentInput, readDeployment } from '../deployment.ts'
import { createStack } from '../stack.ts'
import { exampleDeployment } from './example.ts'

// CDK's own rules take seconds; `npm run check` runs them once.
process.env.CDK_VALIDATION = 'false'

/** The template of the example, or of another one made of it. */
export const templateOf = (changes: Partial<DeploymentInput> = {}): Template =>
  Template.fromStack(createStack(new App(), readDeployment(exampleDeployment(changes))))
