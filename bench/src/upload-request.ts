import type { Calotype } from './calotype.ts'

export interface Variant {
  name: string
  format: string
  size_bytes: number
  object_key: string
}

/** What the benches read of an image. */
export interface UploadedImage {
  id: string
  status: string
  variants: readonly Variant[]
}

/** Uploads and waits for the variants; throws for anything but a ready image. */
export async function uploadUntilReady(
  server: Pick<Calotype, 'url' | 'authorization'>,
  name: string,
  bytes: Buffer,
): Promise<UploadedImage> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)], { type: typeOf(name) }), name)
  const answer = await fetch(`${server.url}/api/v1/images/upload?wait=ready`, {
    method: 'POST',
    headers: { authorization: server.authorization },
    body: form,
  })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${text.slice(0, 300)}`)
  return asUploadedImage(JSON.parse(text))
}

/** The URLs of an image's variants, signed. */
export async function signedUrl(
  server: Pick<Calotype, 'url' | 'authorization'>,
  imageId: string,
  variant: string,
  format: string,
): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/images/${imageId}/signed-url?variant=${variant}&format=${format}`, {
    headers: { authorization: server.authorization },
  })
  if (!answer.ok) throw new Error(`signed-url: ${answer.status}`)
  return asSignedUrl(await answer.json()).download_url
}

/** The wire format is the contract's; a bench trusts it. */
const asUploadedImage = (value: unknown): UploadedImage => value as UploadedImage
const asSignedUrl = (value: unknown): { download_url: string } => value as { download_url: string }

const TYPES: Record<string, string> = {
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  avif: 'image/avif',
}
const typeOf = (name: string): string => TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'image/jpeg'
