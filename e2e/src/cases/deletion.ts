import { DeleteAnswer, Image, SignedUrl } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { askUploadUrl, call, getImage, problemOf, sendForm, uploadReady } from '../client.ts'
import { blobsOf, eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isLocal, type Target } from '../target.ts'

export function deletionCases(target: Target): void {
  const remove = (id: string) => call(target, `/images/${id}`, { method: 'DELETE' })
  const isGone = async (id: string) => {
    if (!isLocal) return
    const { dataDirectory } = target.local()
    await eventually(
      () => blobsOf(dataDirectory),
      files => !files.some(file => file.includes(id)),
    )
  }

  describe('deletion', () => {
    it('hides the image, refuses its URLs and removes its objects', async () => {
      const image = await uploadReady(target, await freshJpeg())
      const answer = await call(target, `/images/${image.id}/signed-url?include=variants`)
      const { download_url, variants } = SignedUrl.parse(await answer.json())
      const urls = [download_url, variants?.thumb?.webp ?? '']
      for (const url of urls) expect((await fetch(url)).status).toBe(200)

      expect((await remove(image.id)).status).toBe(202)
      expect((await remove(image.id)).status).toBe(204)
      for (const url of urls) {
        const status = await eventually(
          async () => (await fetch(url)).status,
          seen => seen !== 200,
        )
        expect([403, 404, 410]).toContain(status)
      }
      expect(await getImage(target, image.id)).toMatchObject({
        status: 'deleted',
        variants: [],
        metadata: null,
        placeholder: null,
        storage_uri: null,
      })
      const file = await call(target, `/images/${image.id}/file`)
      expect(file.status).toBe(404)
      const signed = await call(target, `/images/${image.id}/signed-url`)
      expect(signed.status).toBe(404)
      await problemOf(signed)
      await isGone(image.id)
    })

    it('of one image keeps the bytes that another one shares', async () => {
      const bytes = await freshJpeg()
      const first = await uploadReady(target, bytes)
      const granted = await askUploadUrl(target, { file_size: bytes.length })
      await fetch(granted.upload_url, { method: 'PUT', headers: granted.headers, body: new Uint8Array(bytes) })
      await call(target, `/images/${granted.image_id}/complete`, { method: 'POST', json: {} })
      const second = await getImage(target, granted.image_id, '?wait=ready')
      expect(second.storage_uri).toBe(first.storage_uri)
      await remove(first.id)
      if (isLocal)
        await eventually(
          () => blobsOf(target.local().dataDirectory),
          files => !files.some(file => file.includes('/private/') && file.includes(first.id)),
        )
      const original = await call(target, `/images/${second.id}/file?variant=original`)
      expect(original.status).toBe(200)
      expect((await original.arrayBuffer()).byteLength).toBe(bytes.length)
      await remove(second.id)
      await isGone(first.id)
      await isGone(second.id)
    })

    it('of an image that is being processed leaves nothing', async () => {
      const answer = await sendForm(target, { bytes: await freshJpeg({ width: 600, height: 420 }) })
      const { id } = Image.parse(await answer.json())
      expect((await remove(id)).status).toBe(202)
      await isGone(id)
      expect((await getImage(target, id)).status).toBe('deleted')
    })

    it('goes for many at once and names those that are not there', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map(async () => (await uploadReady(target, await freshJpeg({ width: 80, height: 60 }))).id),
      )
      const stranger = '01K00000000000000000000000'
      const answer = await call(target, '/images/delete', { json: { image_ids: [...ids, stranger] } })
      expect(answer.status).toBe(202)
      const { accepted, not_found } = DeleteAnswer.parse(await answer.json())
      expect(accepted.sort()).toEqual([...ids].sort())
      expect(not_found).toEqual([stranger])
      for (const id of ids) expect((await getImage(target, id)).status).toBe('deleted')
      for (const id of ids) await isGone(id)
    })

    it('is refused for what is not there and for too many', async () => {
      expect((await remove('01K00000000000000000000000')).status).toBe(404)
      expect((await remove('nonsense')).status).toBe(400)
      for (const image_ids of [[], Array.from({ length: 1_001 }, () => '01K00000000000000000000000')])
        expect((await call(target, '/images/delete', { json: { image_ids } })).status).toBe(400)
    })
  })
}
