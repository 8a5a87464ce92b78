import { z } from 'zod'
import { Id, Timestamp } from './scalars.ts'

export const MAX_NAME_LENGTH = 100
export const MAX_EMAIL_LENGTH = 254

export const Role = z.enum(['owner', 'admin', 'member', 'viewer'])
export type Role = z.infer<typeof Role>

/** A name that people gave: trimmed, 1–100 characters, on one line. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .regex(/^\P{Cc}*$/u, 'must have no control characters')

export const Organization = z
  .object({
    id: Id,
    name: z.string(),
    role: Role.meta({ description: 'What the caller is in it.' }),
    created_at: Timestamp,
  })
  .meta({ id: 'Organization' })
export type Organization = z.infer<typeof Organization>

export const OrganizationRequest = z.object({ name: Name }).meta({ id: 'OrganizationRequest' })
export const OrganizationList = z
  .object({ items: z.array(Organization), next_cursor: z.string().nullable() })
  .meta({ id: 'OrganizationList' })
export type OrganizationList = z.infer<typeof OrganizationList>

export const Member = z
  .object({ user_id: Id, name: z.string(), email: z.string(), role: Role, joined_at: Timestamp })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

export const MemberList = z
  .object({ items: z.array(Member), next_cursor: z.string().nullable() })
  .meta({ id: 'MemberList' })
export type MemberList = z.infer<typeof MemberList>
export const MemberChange = z.object({ role: Role }).meta({ id: 'MemberChange' })
export const MemberParams = z.object({ id: Id, user_id: Id })

export const InvitationRequest = z
  .object({ email: z.email().max(MAX_EMAIL_LENGTH), role: Role })
  .meta({ id: 'InvitationRequest' })

export const Invitation = z
  .object({
    id: Id,
    email: z.string(),
    role: Role,
    status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    invited_by: z.object({ kind: z.enum(['user', 'api_key', 'service']), id: z.string() }),
    created_at: Timestamp,
    expires_at: Timestamp,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

export const NewInvitation = Invitation.extend({
  accept_url: z
    .string()
    .optional()
    .meta({ description: 'Answered once and never again. Whoever opens it may join as this role.' }),
}).meta({ id: 'NewInvitation' })
export type NewInvitation = z.infer<typeof NewInvitation>
export const InvitationList = z
  .object({ items: z.array(Invitation), next_cursor: z.string().nullable() })
  .meta({ id: 'InvitationList' })
export type InvitationList = z.infer<typeof InvitationList>
export const InvitationParams = z.object({ id: Id, invitation_id: Id })

export const InvitationToken = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'InvitationToken' })

/** What the holder of an invitation's token may know before signing in. */
export const InvitationPreview = z
  .object({ organization_name: z.string(), email: z.string(), role: Role, expires_at: Timestamp })
  .meta({ id: 'InvitationPreview' })
export type InvitationPreview = z.infer<typeof InvitationPreview>
