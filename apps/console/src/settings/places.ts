import type { Action } from '@calotype/sdk'

export interface SettingsPlace {
  to:
    | '/settings/project'
    | '/settings/organization'
    | '/settings/members'
    | '/settings/api-keys'
    | '/settings/webhooks'
    | '/settings/pipeline'
    | '/settings/care'
    | '/settings/audit'
    | '/settings/security-log'
    | '/settings/account'
  label: string
  /** Null: for everybody. */
  needs: Action | null
}

const places: readonly SettingsPlace[] = [
  { to: '/settings/project', label: 'Project', needs: 'project.manage' },
  { to: '/settings/webhooks', label: 'Webhooks', needs: 'project.manage' },
  { to: '/settings/pipeline', label: 'Pipeline', needs: 'project.manage' },
  { to: '/settings/care', label: 'Care', needs: 'project.manage' },
  { to: '/settings/organization', label: 'Organisation', needs: 'access.manage' },
  { to: '/settings/members', label: 'Members', needs: 'access.manage' },
  { to: '/settings/api-keys', label: 'API keys', needs: 'access.manage' },
  { to: '/settings/audit', label: 'Audit', needs: 'access.manage' },
  { to: '/settings/security-log', label: 'Security log', needs: 'access.manage' },
  { to: '/settings/account', label: 'Account', needs: null },
]

/** What a role may not do is not offered. The first one is where settings begin; the account is always there. */
export const placesFor = (actions: readonly Action[]): readonly SettingsPlace[] =>
  places.filter(({ needs }) => needs === null || actions.includes(needs))
