/** Organisations that one person may belong to. */
export const MAX_ORGANIZATIONS_PER_PERSON = 100
/** Projects of one organisation. */
export const MAX_PROJECTS_PER_ORGANIZATION = 1_000

/** What a project may allow at most (requirement V2). */
export const MAX_PROJECT_SIDE = 12_000
export const MAX_PROJECT_PIXELS = 100_000_000
export const MAX_RETENTION_DAYS = 365
