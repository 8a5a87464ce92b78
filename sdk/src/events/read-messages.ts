export interface Message {
  id: string | null
  event: string
  data: string
  retryMs: number | null
}

/** The event stream format of the HTML standard: lines end in LF, CR or CRLF, an empty line ends a message. */
export async function* readMessages(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<Message, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let pending = ''
  let lines: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      pending += decoder.decode(value, { stream: true })
      // A CR at the very end may be half of a CRLF: leave it until more has come.
      const parts = pending.split(/\r\n|\n|\r(?!$)/)
      pending = parts.pop() ?? ''
      for (const line of parts) {
        if (line !== '') {
          lines.push(line)
          continue
        }
        const message = parse(lines)
        lines = []
        if (message !== null) yield message
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function parse(lines: readonly string[]): Message | null {
  const message: Message = { id: null, event: 'message', data: '', retryMs: null }
  const data: string[] = []
  for (const line of lines) {
    if (line.startsWith(':')) continue
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') message.event = value
    else if (field === 'id' && !value.includes('\0')) message.id = value
    else if (field === 'retry' && /^\d+$/.test(value)) message.retryMs = Number(value)
  }
  if (data.length === 0 && message.id === null && message.retryMs === null) return null
  message.data = data.join('\n')
  return message
}
