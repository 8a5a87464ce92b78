import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Image, ImageList } from '@calotype/contract'
import { call } from '../client.ts'
import { filesUnder } from '../disk.ts'
import type { Server } from '../server.ts'

const UNSETTLED: readonly string[] = ['uploaded', 'processing']

/** Every image that the server knows, those that were deleted too. */
export async function listAll(server: Server): Promise<Image[]> {
  const images: Image[] = []
  for (const status of ['', '&status=deleted']) {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = `limit=200${status}${cursor === '' ? '' : `&cursor=${cursor}`}`
      const answer = await call(server, `/images?${query}`)
      if (!answer.ok) throw new Error(`The list was answered ${answer.status}: ${await answer.text()}`)
      const page = ImageList.parse(await answer.json())
      images.push(...page.items)
      cursor = page.next_cursor
    }
  }
  return images
}

/** Waits until nothing is being worked on, promised images included. What is still open after the limit is answered as it stands. */
export async function waitUntilSettled(
  server: Server,
  promised: ReadonlySet<string>,
  limitMs: number,
): Promise<Image[]> {
  const until = Date.now() + limitMs
  for (;;) {
    const images = await listAll(server)
    const open = images.filter(
      ({ id, status }) => UNSETTLED.includes(status) || (promised.has(id) && status === 'pending_upload'),
    )
    if (open.length === 0 || Date.now() > until) return images
    await sleep(500)
  }
}

/** The keys of the objects that an image may have; a refused one has none, a pending one may have its original. */
function keysOf(image: Image): string[] {
  if (image.status === 'deleted' || image.status === 'failed') return []
  const original = image.storage_uri?.replace(/^disk:\/\//, '')
  return [...image.variants.map(variant => variant.object_key), ...(original ? [original] : [])]
}

/** Files that belong to nothing: objects that no image names, and whatever is still being written while nobody writes. */
export async function findStrays(dataDirectory: string, images: readonly Image[]): Promise<string[]> {
  const named = new Set(images.flatMap(keysOf).map(key => `objects/${key}`))
  const blobs = await filesUnder(path.join(dataDirectory, 'blobs'))
  const work = await filesUnder(path.join(dataDirectory, 'work'))
  return [...blobs.filter(file => !named.has(file)), ...work.map(file => `work/${file}`)]
}

/** What is wrong with the files of a ready image: lost, of another size, or not the bytes that were sent. */
export async function findDamage(dataDirectory: string, image: Image, sha256: string): Promise<string[]> {
  const at = (key: string) => path.join(dataDirectory, 'blobs', 'objects', key)
  const damage: string[] = []
  if (image.sha256 !== sha256) damage.push(`${image.id} has another SHA-256 than was sent`)
  if (image.variants.length !== 6) damage.push(`${image.id} has ${image.variants.length} variants`)
  for (const { object_key, size_bytes } of image.variants) {
    const info = await stat(at(object_key)).catch(() => null)
    if (info?.size !== size_bytes) damage.push(`${object_key} has ${info?.size ?? 'no'} bytes, not ${size_bytes}`)
  }
  const original = image.storage_uri?.replace(/^disk:\/\//, '') ?? '?'
  const bytes = await readFile(at(original)).catch(() => null)
  if (!bytes) damage.push(`${original} is lost`)
  else if (createHash('sha256').update(bytes).digest('hex') !== sha256) damage.push(`${original} is damaged`)
  return damage
}
