import { api } from '../app/api.ts'
import { createSessionKeeper } from './session.ts'

/** The session of this page. */
export const session = createSessionKeeper(api)
