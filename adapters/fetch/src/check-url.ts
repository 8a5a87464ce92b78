import { addressInHost, importRefused } from '@calotype/core'

export const MAX_URL_LENGTH = 2_048

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

export interface UrlRules {
  /** Ports that may be called. */
  ports: readonly number[]
  /** Which addresses may be called: the public ones, unless the installation says otherwise. */
  mayCall: (address: string) => boolean
}

/** The URL, if its text alone speaks for nothing against it; names are judged when they are resolved. */
export function checkUrl(text: string, rules: UrlRules, base?: URL): URL {
  if (text.length > MAX_URL_LENGTH) throw importRefused(`its URL is longer than ${MAX_URL_LENGTH} characters`)
  if (!URL.canParse(text, base)) throw importRefused('it is no URL')
  const url = new URL(text, base)
  const standard = DEFAULT_PORTS[url.protocol]
  if (standard === undefined) throw importRefused('only http and https are')
  if (url.username !== '' || url.password !== '') throw importRefused('its URL carries a name or a password')
  const port = url.port === '' ? standard : Number(url.port)
  if (!rules.ports.includes(port)) throw importRefused(`its port is none of ${rules.ports.join(', ')}`)
  const address = addressInHost(url.hostname)
  if (address !== undefined) checkAddresses([address], rules)
  return url
}

/** One address that is not public spoils them all: a name that points into our network is up to no good. */
export function checkAddresses(addresses: readonly string[], rules: Pick<UrlRules, 'mayCall'>): void {
  if (!addresses.every(address => rules.mayCall(address))) throw importRefused('it does not lead to a public address')
}
