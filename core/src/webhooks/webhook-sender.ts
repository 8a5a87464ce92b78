/** Why a URL is no place for webhooks. */
export type UrlRefusal = 'not_a_url' | 'not_https' | 'credentials' | 'fragment' | 'private_address'

/** What a receiver did. `error` is in words, without the URL. */
export interface SendOutcome {
  status: number | null
  error: string | null
  answer: string | null
}

/** Posts a message to a URL, never to an address inside of the installation's own networks. */
export interface WebhookSender {
  /** What can be said of the URL without asking anybody; null where nothing is wrong with it. */
  refusalOf(url: string): UrlRefusal | null
  /** Never rejects: whatever goes wrong is an outcome. Ends within DELIVERY_TIMEOUT_MS and a moment. */
  send(request: { url: string; headers: Readonly<Record<string, string>>; body: string }): Promise<SendOutcome>
}
