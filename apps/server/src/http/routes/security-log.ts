import { SecurityLog, SecurityLogQuery, type SecurityEntry as WireEntry } from '@calotype/contract'
import { listSecurityLog, type SecurityEntry } from '@calotype/core'
import type { Deps } from '../../deps.ts'
import type { App } from '../app.ts'
import { contextOf } from '../authentication.ts'
import { withProblems } from '../route-schema.ts'

/** `GET /security-log`: what was refused and who changed access, newest first, for owners and admins. */
export function securityLog(app: App, deps: Deps): void {
  const schema = {
    summary: 'Read the security log',
    tags: ['access'],
    'x-permission': 'access.manage' as const,
    querystring: SecurityLogQuery,
    response: withProblems({ 200: SecurityLog }, [400, 403]),
  }
  app.get('/security-log', { schema }, async request => {
    const { event, project_id, cursor, limit } = request.query
    const { items, nextCursor } = await listSecurityLog(deps, contextOf(request), {
      ...{ event: event ?? null, projectId: project_id ?? null, cursor: cursor ?? null, limit },
    })
    return { items: items.map(presentEntry), next_cursor: nextCursor }
  })
}

const presentEntry = (entry: SecurityEntry): WireEntry => ({
  id: entry.id,
  at: entry.at.toISOString(),
  event: entry.event,
  actor: entry.actor,
  ip: entry.ip,
  project_id: entry.projectId,
  code: entry.code,
  detail: entry.detail,
  request_id: entry.requestId,
  count: entry.count,
})
