import type { Actor } from './actor.ts'
import { forbidden, notFound } from './errors.ts'
import { type Action, PERMISSIONS } from './permissions.ts'

/** Whether the actor may do this in a project of its own organisation. */
export function may(actor: Actor, projectId: string, action: Action): boolean {
  if (actor.projectIds !== null && !actor.projectIds.includes(projectId)) return false
  return actionsOf(actor).includes(action)
}

/** Everything the actor may do where its credential reaches. */
export function actionsOf(actor: Actor): readonly Action[] {
  if (actor.kind === 'service') return actor.scopes ?? []
  const { scopes } = actor
  return scopes === null ? PERMISSIONS[actor.role] : PERMISSIONS[actor.role].filter(action => scopes.includes(action))
}

/**
 * Refuses what the actor may not do. A project that the credential does not reach answers like one that does not exist;
 * one that it reaches with too low a role answers `forbidden`.
 */
export function authorize(actor: Actor, projectId: string, action: Action): void {
  if (actor.projectIds !== null && !actor.projectIds.includes(projectId)) throw notFound()
  if (!may(actor, projectId, action)) throw forbidden(action)
}

/** Refuses what the actor may not do in its organisation as a whole, with `forbidden`. */
export function authorizeEverywhere(actor: Actor, action: Action): void {
  if (!actionsOf(actor).includes(action)) throw forbidden(action)
}
