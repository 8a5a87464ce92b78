import { ERROR_CODES } from '@calotype/contract'
import type { FastifyInstance } from 'fastify'

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
section{padding:.75rem 0;border-top:1px solid color-mix(in srgb,currentColor 20%,transparent)}section:target{background:color-mix(in srgb,#e8a33d 18%,transparent)}
h2{font:600 1rem ui-monospace,monospace;margin:0}p{margin:.25rem 0}small{opacity:.75}`

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)
const inline = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const section = ([code, { status, meaning, remedy }]: [string, (typeof ERROR_CODES)[string]]): string =>
  `<section id="${code}"><h2>${code} <small>${status}</small></h2><p>${inline(meaning)}</p><p>${inline(remedy)}</p></section>`

const page = (): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Errors · Calotype</title><style>${STYLE}</style>
<main><h1>Errors</h1><p>Every error is <code>application/problem+json</code> with one of these codes; a failed image has it in <code>failure.code</code>.</p>${Object.entries(ERROR_CODES).map(section).join('')}</main></html>`

/** `GET /docs/errors`: where the `type` of every problem points. */
export function serveErrorPage(app: FastifyInstance): void {
  app.get('/docs/errors', { config: { open: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'public, max-age=3600').send(page()),
  )
}
