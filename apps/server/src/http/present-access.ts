import type { Organization as WireOrganization, Project as WireProject } from '@calotype/contract'
import type { Organization, Project, Role } from '@calotype/core'

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
