import { z } from 'zod'
import { findContradictions } from './contradictions.ts'
import { type Fields, fieldsLike, sizeName } from './deployment-fields.ts'
import { poolOf, SIZES } from './sizes.ts'

export type DeploymentInput = z.input<ReturnType<typeof fieldsLike>>

/** A deployment as the stack takes it: every figure settled. */
export type Deployment = Fields & {
  /** DATABASE_POOL_MAX. */
  poolMax: number
}

/** Every problem of a deployment at once, one line each. */
export class DeploymentError extends Error {
  constructor(problems: readonly string[]) {
    super(`The deployment has problems:\n${problems.map(line => `  ${line}`).join('\n')}`)
    this.name = 'DeploymentError'
  }
}

/** Reads what a deployment file holds; what it does not say comes of its size. Throws DeploymentError. */
export function readDeployment(given: unknown): Deployment {
  const chosen = z.looseObject({ size: sizeName }).safeParse(given)
  const parsed = fieldsLike(SIZES[chosen.data?.size ?? 'hobby']).safeParse(given)
  if (!parsed.success)
    throw new DeploymentError(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`))
  const problems = findContradictions(parsed.data)
  if (problems.length > 0) throw new DeploymentError(problems)
  return { ...parsed.data, poolMax: poolOf(parsed.data) }
}
