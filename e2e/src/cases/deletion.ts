import { DeleteAnswer, Image, ImageExplanation, Project, SignedUrl, UploadUrl } from '@calotype/contract'
import { describe, expect, it } from 'vitest'
import { call, getImage, problemOf, putBytes, sendForm, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isOpen, type Target } from '../target.ts'

export function deletionCases(target: Target): void {
  const remove = (id: string) => call(target, `/images/${id}`, { method: 'DELETE' })
  const isGone = async (id: string) => {
    if (!isOpen) return
    await eventually(
      () => target.objects(),
      files => !files.some(file => file.includes(id)),
    )
  }

  const status = async (id: string) => (await call(target, `/images/${id}`)).status
  /** A project that keeps nothing of what is deleted. */
  const forgetful = async (): Promise<string> => {
    const json = { name: `forgetful ${crypto.randomUUID()}`, retention_days: 0 }
    return Project.parse(await (await call(target, '/projects', { json })).json()).id
  }
  const uploadTo = async (project_id: string, bytes: Uint8Array): Promise<Image> => {
    const answer = await sendForm(target, { bytes }, { query: '?wait=ready', fields: { project_id } })
    return Image.parse(await answer.json())
  }

  describe('deletion', () => {
    it('hides the image and refuses its URLs, until it is restored', async () => {
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

      const told = ImageExplanation.parse(await (await call(target, `/images/${image.id}/explain`)).json())
      expect(told.summary).toMatch(/can be restored until/)
      const restored = await call(target, `/images/${image.id}/restore`, { method: 'POST' })
      expect(restored.status).toBe(200)
      expect(Image.parse(await restored.json())).toMatchObject({ status: 'ready', variants: image.variants })
      for (const url of urls) {
        const again = await eventually(
          async () => (await fetch(url)).status,
          seen => seen === 200,
        )
        expect(again).toBe(200)
      }
      expect((await call(target, `/images/${image.id}/restore`, { method: 'POST' })).status).toBe(409)
    })

    it('removes every object when the retention is over', async () => {
      const image = await uploadTo(await forgetful(), await freshJpeg())
      expect((await remove(image.id)).status).toBe(202)
      await isGone(image.id)
      const gone = await eventually(
        () => status(image.id),
        seen => seen === 404,
      )
      expect(gone).toBe(404)
      expect((await call(target, `/images/${image.id}/restore`, { method: 'POST' })).status).toBe(404)
    })

    it('of one image keeps the bytes that another one shares', async () => {
      const bytes = await freshJpeg()
      const project_id = await forgetful()
      const first = await uploadTo(project_id, bytes)
      const json = { project_id, file_name: 'photo.jpg', mime_type: 'image/jpeg', file_size: bytes.length }
      const granted = UploadUrl.parse(await (await call(target, '/images/upload-url', { json })).json())
      await putBytes(granted.upload_url, bytes, granted.headers)
      await call(target, `/images/${granted.image_id}/complete`, { method: 'POST', json: {} })
      const second = await getImage(target, granted.image_id, '?wait=ready')
      expect(second.storage_uri).toBe(first.storage_uri)
      await remove(first.id)
      if (isOpen)
        await eventually(
          () => target.objects(),
          files => !files.some(file => file.includes('private/') && file.includes(first.id)),
        )
      const original = await call(target, `/images/${second.id}/file?variant=original`)
      expect(original.status).toBe(200)
      expect((await original.arrayBuffer()).byteLength).toBe(bytes.length)
      await remove(second.id)
      await isGone(first.id)
      await isGone(second.id)
    })

    it('of an image that is being processed leaves nothing', async () => {
      const bytes = await freshJpeg({ width: 600, height: 420 })
      const answer = await sendForm(target, { bytes }, { fields: { project_id: await forgetful() } })
      const { id } = Image.parse(await answer.json())
      expect((await remove(id)).status).toBe(202)
      await isGone(id)
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
    })

    it('is refused for what is not there and for too many', async () => {
      expect((await remove('01K00000000000000000000000')).status).toBe(404)
      expect((await remove('nonsense')).status).toBe(400)
      for (const image_ids of [[], Array.from({ length: 1_001 }, () => '01K00000000000000000000000')])
        expect((await call(target, '/images/delete', { json: { image_ids } })).status).toBe(400)
    })
  })
}
