import type { Mail } from './mailer.ts'

/** What a mail says: plain sentences, and at most one thing to do. */
export interface Letter {
  to: string
  subject: string
  /** Whom it greets. */
  name: string
  before: readonly string[]
  action: { words: string; link: string } | null
  after: readonly string[]
}

const SIGNATURE = 'Calotype'

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`

const button = ({ words, link }: { words: string; link: string }): string =>
  `<p style="margin:24px 0"><a href="${escapeHtml(link)}" style="background:#e8a33d;border-radius:4px;color:#1c1a17;` +
  `display:inline-block;font-weight:600;padding:12px 20px;text-decoration:none">${escapeHtml(words)}</a></p>` +
  `<p style="color:#6b665e;font-size:13px;margin:0 0 16px;overflow-wrap:anywhere">${escapeHtml(link)}</p>`

/** Sets a letter as text and as small HTML without pictures or anything that is loaded. */
export function writeMail(letter: Letter): Omit<Mail, 'id'> {
  const { to, subject, name, before, action, after } = letter
  const greeting = `Hello ${name},`
  const text = [
    greeting,
    ...before,
    ...(action ? [`${action.words}:\n${action.link}`] : []),
    ...after,
    `${SIGNATURE}\n`,
  ]
  const html =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(subject)}</title>` +
    `<body style="background:#f4f1ec;color:#1c1a17;font:16px/1.5 system-ui,sans-serif;margin:0;padding:32px 16px">` +
    `<div style="background:#fff;border:1px solid #ddd6cb;border-radius:6px;margin:0 auto;max-width:32rem;padding:32px">` +
    [greeting, ...before].map(paragraph).join('') +
    (action ? button(action) : '') +
    [...after, SIGNATURE].map(paragraph).join('') +
    '</div></body></html>'
  return { to, subject, text: text.join('\n\n'), html }
}
