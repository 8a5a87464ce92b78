import { Gallery, GalleryItem, NewShareLink, ReplacedSlot, ShareLinkList, Slot } from '@calotype/contract'
import { MAX_CAPTION_LENGTH, MAX_SHARE_SECONDS, MAX_SHARE_TITLE, newId } from '@calotype/core'
import { sampleBytes } from '@calotype/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../../testing/expect-problem.ts'
import { formOf, PUBLIC_URL, photoPart, startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

let made = 9_000
const fresh = () => sampleBytes(made++)
const API = '/api/v1'

const send = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  server.call({ method, url: `${API}${path}`, ...(payload ? { payload } : {}) })
const sendFile = (path: string, parts: { name: string; value: string }[] = [], bytes = fresh()) =>
  server.call({ method: 'POST', url: `${API}${path}`, ...formOf([...parts, photoPart(bytes)]) })
/** A page as strangers get it. */
const open = (url: string) => server.app.inject({ url: new URL(url).pathname, remoteAddress: '127.0.0.1' })

async function fill(path: string, bytes = fresh()): Promise<ReplacedSlot> {
  const answer = await sendFile(path, [], bytes)
  expect([answer.statusCode, answer.body.slice(0, 200)]).toEqual([200, expect.any(String)])
  return ReplacedSlot.parse(answer.json())
}

describe('a slot', () => {
  it('takes a file, answers its picture when it is in place, and replaces it', async () => {
    const path = '/entities/moc/42/thumbnail'
    const bytes = fresh()
    const first = await fill(path, bytes)
    expect(first).toMatchObject({ slot: 'thumbnail', number: 1, replaced: null, image: { status: 'ready' } })
    const picture = await server.app.inject({ url: (first.download_url ?? '').replace(PUBLIC_URL, '') })
    expect(picture.statusCode).toBe(200)
    // The same bytes are no duplicate here: a record of their own.
    const second = await fill(path, bytes)
    expect(second).toMatchObject({ number: 2, replaced: first.image.id })
    expect(second.image.id).not.toBe(first.image.id)
    const slot = Slot.parse((await send('GET', path)).json())
    expect(slot).toMatchObject({ number: 2, image: { id: second.image.id }, waiting: [] })
    expect(slot.previous.map(each => each.image.id)).toEqual([first.image.id])
    const undone = ReplacedSlot.parse((await send('POST', `${path}/undo`)).json())
    expect(undone).toMatchObject({ number: 3, replaced: second.image.id, image: { id: first.image.id } })
  })

  it('keeps its picture when the new one is refused', async () => {
    const path = '/entities/moc/43/thumbnail'
    const { image } = await fill(path)
    const wrong = await server.call({
      ...{ method: 'POST', url: `${API}${path}` },
      ...formOf([photoPart(fresh(), { type: 'application/pdf' })]),
    })
    expectProblem(wrong, 415, 'unsupported_media_type')
    const empty = await server.call({ method: 'POST', url: `${API}${path}`, ...formOf([{ name: 'x', value: 'y' }]) })
    expectProblem(empty, 400, 'invalid_request')
    expect(Slot.parse((await send('GET', path)).json()).image?.id).toBe(image.id)
  })

  it('takes an image by its id, and is empty after a delete until undo', async () => {
    const path = '/entities/moc/44/thumbnail'
    const image = await server.ready(fresh())
    const put = await send('POST', path, { image_id: image.id })
    expect([put.statusCode, put.json()]).toMatchObject([200, { image: { id: image.id } }])
    expect((await send('DELETE', path)).statusCode).toBe(204)
    expect((await send('DELETE', path)).statusCode).toBe(204)
    expectProblem(await send('GET', path), 404, 'not_found')
    expect((await send('GET', `${path}?include=history`)).json()).toMatchObject({ image: null, previous: [{}] })
    expect((await send('POST', `${path}/undo`)).json()).toMatchObject({ image: { id: image.id } })
    expectProblem(await send('POST', path, { image_id: newId() }), 404, 'not_found')
    expectProblem(await send('POST', path, {}), 400, 'invalid_request')
    expectProblem(await send('POST', '/entities/moc/45/none/undo'), 404, 'not_found')
  })

  it('refuses names that do not fit', async () => {
    for (const path of ['/entities/Moc/1/thumbnail', '/entities/moc/a%20b/thumbnail', '/entities/moc/1/Big'])
      expectProblem(await send('GET', path), 400, 'invalid_request')
  })
})

describe('a gallery', () => {
  it('takes pictures in order, with captions and one that stands for all', async () => {
    const path = '/entities/moc/50/gallery'
    expect(Gallery.parse((await send('GET', path)).json())).toMatchObject({ items: [], primary_image_id: null })
    const ids: string[] = []
    for (const caption of ['One', 'Two', 'Three']) {
      const answer = await sendFile(path, [{ name: 'caption', value: caption }])
      expect(answer.statusCode).toBe(201)
      ids.push(GalleryItem.parse(answer.json()).image_id)
    }
    const [first = '', second = '', third = ''] = ids
    const gallery = Gallery.parse((await send('GET', path)).json())
    expect(gallery.items.map(item => [item.image_id, item.caption, item.primary])).toEqual([
      [first, 'One', true],
      [second, 'Two', false],
      [third, 'Three', false],
    ])
    const ordered = await send('PUT', `${path}/order`, { image_ids: [third, first, second] })
    expect(Gallery.parse(ordered.json())).toMatchObject({ primary_image_id: third })
    const mismatch = await send('PUT', `${path}/order`, { image_ids: [third, first, newId()] })
    expectProblem(mismatch, 409, 'gallery_mismatch')
    expect(mismatch.json().details).toMatchObject({ missing: [second], unknown: [expect.any(String)] })
    expect((await send('PUT', `${path}/primary`, { image_id: second })).json()).toMatchObject({
      primary_image_id: second,
    })
    const captioned = Gallery.parse((await send('PATCH', `${path}/${first}`, { caption: null })).json())
    expect(captioned.items.find(item => item.image_id === first)?.caption).toBeNull()
    const long = 'x'.repeat(MAX_CAPTION_LENGTH + 1)
    expectProblem(await send('PATCH', `${path}/${first}`, { caption: long }), 400, 'invalid_request')

    // Deleted, it is out; restored, it is back, and stands for all again.
    expect((await send('DELETE', `${path}/${second}`)).statusCode).toBe(204)
    expectProblem(await send('DELETE', `${path}/${second}`), 404, 'not_found')
    expect((await send('GET', `/images/${second}`)).json().status).toBe('deleted')
    expect(Gallery.parse((await send('GET', path)).json())).toMatchObject({ primary_image_id: third })
    expect((await send('POST', `/images/${second}/restore`)).statusCode).toBe(200)
    expect(Gallery.parse((await send('GET', path)).json())).toMatchObject({ primary_image_id: second })
  })

  it('goes with the entity, and so do its slots', async () => {
    const image = await server.ready(fresh())
    await send('POST', '/entities/moc/51/gallery', { image_id: image.id })
    const slot = await fill('/entities/moc/51/thumbnail')
    expect((await send('DELETE', '/entities/moc/51')).statusCode).toBe(202)
    expect((await send('DELETE', '/entities/moc/51')).statusCode).toBe(202)
    for (const id of [image.id, slot.image.id])
      expect((await send('GET', `/images/${id}`)).json().status).toBe('deleted')
    expectProblem(await send('GET', '/entities/moc/51/thumbnail'), 404, 'not_found')
  })
})

describe('a share link', () => {
  const share = async (path: string, payload: object = {}) => {
    const answer = await send('POST', path, payload)
    expect(answer.statusCode).toBe(201)
    return NewShareLink.parse(answer.json())
  }

  it('shows an image to strangers until it is revoked, and counts them', async () => {
    const image = await server.ready(fresh())
    const link = await share(`/images/${image.id}/share-links`, { title: 'The <roof> & "more"' })
    const page = await open(link.url ?? '')
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'cache-control': 'no-store',
    })
    expect(page.headers['content-security-policy']).toContain(`img-src ${PUBLIC_URL};`)
    expect(page.headers['content-security-policy']).not.toContain('script')
    expect(page.body).toContain('&#60;roof&#62; &#38; &#34;more&#34;')
    expect(page.body).not.toMatch(/<script|<roof>/)
    const preview = /<meta property="og:image" content="([^"]+)">/.exec(page.body)?.[1] ?? ''
    const url = preview.replaceAll('&#38;', '&')
    expect(url.startsWith(`${PUBLIC_URL}/cdn/`)).toBe(true)
    const picture = await server.app.inject({ url: url.replace(PUBLIC_URL, '') })
    expect([picture.statusCode, picture.headers['content-type']]).toEqual([200, 'image/jpeg'])
    await server.deps.shareViews.close()
    const listed = ShareLinkList.parse((await send('GET', `/images/${image.id}/share-links`)).json())
    expect(listed.items).toMatchObject([{ id: link.id, views: 1 }])
    expect(JSON.stringify(listed)).not.toContain(link.token)
    expect((await send('DELETE', `/share-links/${link.id}`)).statusCode).toBe(204)
    expect((await send('DELETE', `/share-links/${link.id}`)).statusCode).toBe(204)
    const gone = await open(link.url ?? '')
    const unknown = await open(`${PUBLIC_URL}/s/${'x'.repeat(43)}`)
    expect([gone.statusCode, unknown.statusCode, gone.body === unknown.body]).toEqual([404, 404, true])
    expect(server.logs.filter(line => line.includes(link.token ?? ''))).toEqual([])
  })

  it('shows a gallery in its order without deleted pictures, and nothing when none is left', async () => {
    const [one, two] = [await server.ready(fresh()), await server.ready(fresh())]
    for (const { id } of [one, two])
      await send('POST', '/entities/moc/60/gallery', { image_id: id, caption: `Caption of ${id}` })
    const link = await share('/entities/moc/60/gallery/share-links')
    const page = await open(link.url ?? '')
    expect(page.body.indexOf(one.id)).toBeLessThan(page.body.indexOf(two.id))
    expect(page.body).toContain('2 pictures for you')
    await send('DELETE', `/images/${one.id}`)
    expect((await open(link.url ?? '')).body).not.toContain(one.id)
    await send('DELETE', `/images/${two.id}`)
    expect((await open(link.url ?? '')).statusCode).toBe(404)
  })

  it('is made once for each Idempotency-Key, its token told once', async () => {
    const image = await server.ready(fresh())
    const url = `${API}/images/${image.id}/share-links`
    const again = () => server.call({ method: 'POST', url, payload: {}, headers: { 'idempotency-key': 'share-1' } })
    const [first, second] = [NewShareLink.parse((await again()).json()), NewShareLink.parse((await again()).json())]
    expect([second.id, second.token, second.url]).toEqual([first.id, undefined, undefined])
  })

  it('has limits, and needs something to share', async () => {
    const image = await server.ready(fresh())
    const path = `/images/${image.id}/share-links`
    for (const wrong of [
      { expires_in_seconds: 59 },
      { expires_in_seconds: MAX_SHARE_SECONDS + 1 },
      { title: 'x'.repeat(MAX_SHARE_TITLE + 1) },
    ])
      expectProblem(await send('POST', path, wrong), 400, 'invalid_request')
    expectProblem(await send('POST', `/images/${newId()}/share-links`, {}), 404, 'not_found')
    expectProblem(await send('POST', '/entities/moc/none/gallery/share-links', {}), 404, 'not_found')
  })
})
