import { createTransport } from 'nodemailer'

const LIMIT_MS = 10_000

/** Connects to a mail server, says hello and signs in; sends nothing. Rejects with the server's reason. */
export async function checkMailServer(url: string): Promise<void> {
  const limits = { connectionTimeout: LIMIT_MS, greetingTimeout: LIMIT_MS, socketTimeout: LIMIT_MS }
  const transport = createTransport({ url, ...limits, logger: false })
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}
