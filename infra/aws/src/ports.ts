/** Where PostgreSQL listens. */
export const POSTGRES_PORT = 5432
/** Where the server listens, as the Dockerfile says. */
export const API_PORT = 3000
