import type {
  Invitation as WireInvitation,
  Member as WireMember,
  Organization as WireOrganization,
  Project as WireProject,
} from '@calotype/contract'
import { type Invitation, type Member, type Organization, type Project, type Role, statusOf } from '@calotype/core'

/** A project as callers see it. */
export const presentProject = ({ id, organizationId, name, settings, createdAt }: Project): WireProject => ({
  id,
  organization_id: organizationId,
  name,
  allowed_types: [...settings.limits.allowedTypes],
  min_bytes: settings.minBytes,
  max_bytes: settings.maxBytes,
  max_side: settings.limits.maxSide,
  max_pixels: settings.limits.maxPixels,
  variants: settings.variants.map(({ maxBytes, formats, ...variant }) => ({
    ...variant,
    formats: [...formats],
    max_bytes: maxBytes,
  })),
  visibility: settings.visibility,
  retention_days: settings.retentionDays,
  detection_types: [...settings.detectionTypes],
  created_at: createdAt.toISOString(),
})

export const presentOrganization = ({ id, name, createdAt }: Organization, role: Role): WireOrganization => ({
  id,
  name,
  role,
  created_at: createdAt.toISOString(),
})

export const presentMember = ({ userId, name, email, role, joinedAt }: Member): WireMember => ({
  user_id: userId,
  name,
  email,
  role,
  joined_at: joinedAt.toISOString(),
})

export const presentInvitation = (invitation: Invitation, now: Date): WireInvitation => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  status: statusOf(invitation, now),
  invited_by: { ...invitation.invitedBy },
  created_at: invitation.createdAt.toISOString(),
  expires_at: invitation.expiresAt.toISOString(),
})
