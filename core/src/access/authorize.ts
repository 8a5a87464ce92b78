import type { Actor } from './actor.ts'
import { forbidden, notFound } from './errors.ts'
import { type Action, PERMISSIONS } from './permissions.ts'

/** Whether the actor may do this in a project of its own organisation. */
export function may(actor: Actor, projectId: string, action: Action): boolean {
  if (actor.projectIds !== null && !actor.projectIds.includes(projectId)) return false
  return actionsOf(actor).includes(action)
}

/** Everything the actor may do where its credential reaches. */
export const actionsOf = (actor: Actor): readonly Action[] => actor.scopes ?? PERMISSIONS[actor.role]

/**
 * Refuses what the actor may not do. A project that the credential does not reach answers like one that does not exist;
 * one that it reaches with too low a role answers `forbidden`.
 */
export function authorize(actor: Actor, projectId: string, action: Action): void {
  if (actor.projectIds !== null && !actor.projectIds.includes(projectId)) throw notFound()
  if (!may(actor, projectId, action)) throw forbidden(action)
}
