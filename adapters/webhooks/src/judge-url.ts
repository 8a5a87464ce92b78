import { addressInHost, isPublicAddress, type UrlRefusal } from '@calotype/core'

/** Why a URL is no place for webhooks, as far as its text tells. With `allowPrivate` plain http and addresses of our own networks will do. */
export function judgeUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): UrlRefusal | null {
  if (!URL.canParse(text)) return 'not_a_url'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'not_https'
  if (url.username !== '' || url.password !== '') return 'credentials'
  if (url.hash !== '') return 'fragment'
  const address = addressInHost(url.hostname)
  return allowPrivate || address === undefined || isPublicAddress(address) ? null : 'private_address'
}
