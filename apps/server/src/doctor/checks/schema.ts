import { type Check, failed, ok, skipped } from '../check.ts'

export const schema: Check = {
  name: 'schema',
  needs: ['database'],
  advice: 'Start the server of this version once, or run `init`: both bring the schema up to date.',
  run: async ({ database }) => {
    if ('missing' in database) return skipped(database.missing)
    const { pending, tooNew } = await database.part.inspect()
    if (tooNew) return failed('a newer program migrated this database', 'Use the newer program, or restore a backup.')
    if (pending.length > 0) return failed(`${pending.length} migrations are missing, from ${pending[0]} on`)
    return ok('all migrations are there')
  },
}
