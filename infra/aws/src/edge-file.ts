import { fileURLToPath } from 'node:url'

/** Where the code of a viewer function is. */
export const edgeFile = (name: string): string => fileURLToPath(new URL(`edge/${name}.js`, import.meta.url))
