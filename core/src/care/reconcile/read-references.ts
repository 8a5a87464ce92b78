import type { KeyRange, ReconcileStore, Reference } from './reconcile-store.ts'

/** Rows read at a time. */
export const REFERENCE_PAGE = 2_000

/** Every row of the range in byte order, a page at a time. */
export async function* readReferences(
  store: Pick<ReconcileStore, 'listReferences'>,
  range: KeyRange,
  pageSize = REFERENCE_PAGE,
): AsyncGenerator<Reference> {
  let { after } = range
  for (;;) {
    const page = await store.listReferences({ after, before: range.before }, pageSize)
    const whole = page.length < pageSize ? page : withoutLastKey(page)
    for (const reference of whole) {
      after = reference.key
      yield reference
    }
    if (page.length < pageSize) return
  }
}

/** A full page may end in the middle of a key's rows: they are read again, whole, with the next one. */
function withoutLastKey(page: readonly Reference[]): readonly Reference[] {
  const last = page.at(-1)?.key
  const whole = page.filter(reference => reference.key !== last)
  if (whole.length === 0) throw new Error(`More rows refer to ${last} than fit on a page`)
  return whole
}
