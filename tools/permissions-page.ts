import { ACTION_MEANINGS, ACTIONS, type Action, PERMISSIONS, ROLES, SCOPES } from '@calotype/core'
import { z } from 'zod'

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const

const Operation = z.object({
  'x-permission': z.enum(ACTIONS).optional(),
  security: z.array(z.unknown()).optional(),
})
const Operations = z.object({ paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), Operation)) })

const KEYS = `An API key has a role and can be narrowed to scopes and projects; a service key has scopes alone. No key gives more than its maker has,
and no scope covers \`share.manage\`, \`access.manage\` or \`organization.own\`. A person with a token (JWT) has the role of their membership, or the one that
\`JWT_ROLE_MAP\` gives to a role of another issuer. What a credential may not know of answers 404; what it may know of but not do, 403.`

const DELETION =
  '`image.delete` is for the images of others; for what the credential uploaded itself `image.delete_own` is enough.'

/** docs/permissions.md: the table of core, and which calls of the OpenAPI document ask for which action. */
export function permissionsPage(document: unknown, generated: string): string {
  return `# Who may do what\n\n${generated}\n\n${table()}\n\n${KEYS}\n\n## Calls\n\n${calls(document)}\n\n${DELETION}\n`
}

function table(): string {
  const mark = (yes: boolean) => (yes ? '✓' : '–')
  const scopes: readonly Action[] = SCOPES
  const rows = ACTIONS.map(action => {
    const roles = ROLES.map(role => mark(PERMISSIONS[role].includes(action)))
    const service = scopes.includes(action) ? 'by scope' : '–'
    return `| \`${action}\` | ${ACTION_MEANINGS[action]} | ${[...roles, service].join(' | ')} |`
  })
  return `| action | what | ${ROLES.join(' | ')} | service key |\n|---|---|${':-:|'.repeat(ROLES.length + 1)}\n${rows.join('\n')}`
}

function calls(document: unknown): string {
  const { paths } = Operations.parse(document)
  const named = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap(method => {
      const operation = item[method]
      return operation ? [{ call: `\`${method.toUpperCase()} ${path}\``, needs: needs(operation) }] : []
    }),
  )
  const groups = [...ACTIONS.map(action => `\`${action}\``), ANY, NOBODY]
  const rows = groups.flatMap(group => {
    const found = named.filter(each => each.needs === group).map(each => each.call)
    return found.length > 0 ? [`| ${group} | ${found.join('<br>')} |`] : []
  })
  return `| needs | calls |\n|---|---|\n${rows.join('\n')}`
}

const ANY = 'any good credential'
const NOBODY = 'none'

const needs = (operation: z.infer<typeof Operation>): string => {
  if (operation.security?.length === 0) return NOBODY
  const action = operation['x-permission']
  return action === undefined ? ANY : `\`${action}\``
}
