import { once } from 'node:events'
import { createServer } from 'node:http'
import { NewApiKey, NewWebhook, PipelineMessageList } from '@calotype/contract'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { call, getImage, sendForm, uploadReady } from '../client.ts'
import { eventually } from '../disk.ts'
import { freshJpeg } from '../drawing/photo.ts'
import { isOpen, type Target } from '../target.ts'

export function messageCases(target: Target): void {
  describe('messages to others', () => {
    it.runIf(isOpen)('reach a receiver, signed so that the official library verifies them', async () => {
      const heard: { headers: Record<string, string>; body: string }[] = []
      const receiver = createServer(async (request, response) => {
        let body = ''
        for await (const chunk of request.setEncoding('utf8')) body += chunk
        const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
        heard.push({ headers: Object.fromEntries(headers), body })
        response.writeHead(204).end()
      }).listen(0, '127.0.0.1')
      await once(receiver, 'listening')
      const address = receiver.address()
      const port = typeof address === 'object' ? address?.port : 0
      const json = { url: `http://127.0.0.1:${port}/`, events: ['image.uploaded', 'image.ready'] }
      const made = NewWebhook.parse(await (await call(target, '/webhooks', { method: 'POST', json })).json())
      const image = await uploadReady(target, await freshJpeg())
      const own = () => heard.filter(({ body }) => body.includes(image.id))
      await eventually(
        async () => own(),
        messages => messages.length === 2,
      )
      const types = own().map(({ headers, body }) => {
        new Webhook(made.secret ?? '').verify(body, headers)
        return JSON.parse(body).type
      })
      expect(types.sort()).toEqual(['image.ready', 'image.uploaded'])
      expect((await call(target, `/webhooks/${made.id}`, { method: 'DELETE' })).status).toBe(204)
      receiver.closeAllConnections()
      receiver.close()
    })

    it('tell a pipeline of an image, and take its report', async () => {
      const answer = await sendForm(
        target,
        { bytes: await freshJpeg() },
        {
          ...{ query: '?wait=ready', fields: { detection_types: 'damage' } },
        },
      )
      const { id } = await answer.json()
      const key = { name: 'pipeline', kind: 'service', scopes: ['analysis.write'] }
      const service = NewApiKey.parse(await (await call(target, '/api-keys', { method: 'POST', json: key })).json())
      const { items } = PipelineMessageList.parse(await (await call(target, '/pipeline/messages')).json())
      expect(items.find(({ message }) => message.photo_id === id)?.message.detection_types).toEqual(['damage'])
      const report = { analysis_status: 'completed', result: { roof: true } }
      const headers = { authorization: `Bearer ${service.key}` }
      const reported = await call(target, `/images/${id}/status`, { method: 'PATCH', json: report, headers })
      expect(reported.status).toBe(200)
      expect((await getImage(target, id)).analysis).toMatchObject({ status: 'completed', result: { roof: true } })
    })
  })
}
