import { NewShareLink, ReplacedSlot } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { blobOf, call, getImage, problemOf } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import type { Target } from '../target.ts'

export function slotCases(target: Target): void {
  const path = '/entities/moc/e2e-42/thumbnail'
  const send = (bytes: Uint8Array) => {
    const form = new FormData()
    form.append('file', blobOf(bytes, 'image/jpeg'), 'photo.jpg')
    return call(target, path, { body: form })
  }
  const replace = async () => ReplacedSlot.parse(await (await send(await freshJpeg())).json())

  describe('slots', () => {
    it('replace their picture, keep it when the new one is refused, and bring the one before back', async () => {
      const first = await replace()
      const second = await replace()
      expect(second.replaced).toBe(first.image.id)
      expect((await fetch(second.download_url ?? '')).status).toBe(200)
      expect((await problemOf(await send(new TextEncoder().encode('no picture at all')))).status).toBe(422)
      const status = await eventually(
        async () => (await getImage(target, first.image.id)).status,
        seen => seen === 'deleted',
      )
      expect(status).toBe('deleted')
      const undone = ReplacedSlot.parse(await (await call(target, `${path}/undo`, { method: 'POST' })).json())
      expect(undone).toMatchObject({ replaced: second.image.id, image: { id: first.image.id, status: 'ready' } })
      expect((await fetch(undone.download_url ?? '')).status).toBe(200)
    })

    it('are shared by a page with a preview, until the link is revoked', async () => {
      const { image } = await replace()
      const shared = NewShareLink.parse(
        await (await call(target, `/images/${image.id}/share-links`, { json: {} })).json(),
      )
      const page = await fetch(shared.url ?? '')
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
      const preview = /property="og:image" content="([^"]+)"/.exec(await page.text())?.[1] ?? ''
      const picture = await fetch(preview.replaceAll('&#38;', '&'))
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
      await call(target, `/share-links/${shared.id}`, { method: 'DELETE' })
      expect((await fetch(shared.url ?? '')).status).toBe(404)
    })
  })
}
