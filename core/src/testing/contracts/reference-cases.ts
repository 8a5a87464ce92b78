import { expect, it } from 'vitest'
import { originalKey, type Variant, variantKey, variantPrefix } from '../../images/index.ts'
import { testVariant } from '../builders.ts'
import { seedImage, seedProject } from '../seed.ts'
import type { DatabaseHarness } from './harness.ts'

/** Rows that refer to objects, as they are merged with what storage lists. */
export function referenceCases(harness: () => DatabaseHarness): void {
  const store = () => harness().database.reconcile
  async function scene() {
    const { database } = harness()
    const project = await seedProject(database)
    const ready = await seedImage(database, project, { status: 'ready' })
    const awaited = await seedImage(database, project, { status: 'pending_upload' })
    const prefix = variantPrefix('private', project.id, ready.id)
    const variants = (['avif', 'jpeg', 'webp'] as const).map(
      (format): Variant => testVariant(variantKey(prefix, 'r', 'full', format), { format }),
    )
    await database.images.setVariants({ projectId: project.id, imageId: ready.id }, 'r', variants)
    return { project, ready, awaited, variants }
  }

  it('lists them in byte order within bounds, a page at a time', async () => {
    const { project, ready, variants } = await scene()
    const range = { after: `private/${project.id}/`, before: `private/${project.id}0` }
    const keys = variants.map(variant => variant.objectKey).sort()
    const all = await store().listReferences(range, 50)
    expect(all.map(row => row.key)).toEqual(keys)
    expect(all[0]).toEqual({
      ...{ key: keys[0], projectId: project.id, imageId: ready.id, role: 'variant', state: 'ready' },
      ...{ sizeBytes: variants[0]?.sizeBytes, createdAt: expect.any(Date) },
    })
    const page = await store().listReferences({ ...range, after: keys[0] ?? '' }, 1)
    expect(page.map(row => row.key)).toEqual([keys[1]])
    expect(await store().listReferences({ ...range, after: keys[2] ?? '' }, 9)).toEqual([])
    expect(await store().countReferences([range, range])).toBe(6)
    expect(await store().countReferences([])).toBe(0)
  })

  it('merges originals and awaited uploads into one order', async () => {
    const { database } = harness()
    const { project, ready, awaited } = await scene()
    const later = await seedImage(database, project, { status: 'uploaded' })
    await database.transaction(tx => tx.originals.markPurging(project.id, originalKey(later.id)))
    const own = [ready.id, awaited.id, later.id].map(originalKey)
    const rows = []
    for (let after = 'uploads/'; ; ) {
      const page = await store().listReferences({ after, before: 'uploads0' }, 2)
      rows.push(...page)
      if (page.length === 0) break
      after = page.at(-1)?.key ?? ''
    }
    const keys = rows.map(row => row.key)
    expect(keys).toEqual([...keys].sort())
    const mine = rows.filter(row => own.includes(row.key))
    expect(mine.map(({ key, role, state, imageId }) => ({ key, role, state, imageId })).sort(byKey)).toEqual(
      [
        { key: originalKey(ready.id), role: 'original', state: 'live', imageId: null },
        { key: originalKey(awaited.id), role: 'upload', state: 'pending_upload', imageId: awaited.id },
        { key: originalKey(later.id), role: 'original', state: 'purging', imageId: null },
      ].sort(byKey),
    )
    expect(mine.find(row => row.role === 'upload')?.sizeBytes).toBeNull()
  })

  it('finds those of some keys', async () => {
    const { awaited, variants, ready } = await scene()
    const keys = [originalKey(awaited.id), originalKey(ready.id), variants[1]?.objectKey ?? '', 'uploads/nothing']
    const found = await store().findReferences(keys)
    expect(found.map(row => row.key).sort()).toEqual(keys.slice(0, 3).sort())
    expect(await store().findReferences([])).toEqual([])
  })
}

const byKey = (left: { key: string }, right: { key: string }): number => (left.key < right.key ? -1 : 1)
