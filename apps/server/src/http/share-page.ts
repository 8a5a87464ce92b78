import { createHash } from 'node:crypto'
import { type Image, openShareLink, pictureUrl, type SharedPictures } from '@calotype/core'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Deps } from '../deps.ts'

/** Paper and ink, as in the console. */
const STYLE = `:root{color-scheme:light dark;--ground:light-dark(#f4f1eb,#171512);--sheet:light-dark(#fcfaf7,#201d1a);--ink:light-dark(#1f1c18,#ede8df);--soft:light-dark(#5c554b,#b5ada1);--line:light-dark(#dbd5ca,#37322c);--focus:light-dark(#1f1c18,#f5a524)}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.6 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.75rem;line-height:1.3;font-weight:600;margin:0 0 1.5rem;overflow-wrap:anywhere}
ul{list-style:none;margin:0;padding:0;display:grid;gap:1.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr))}ul.one{grid-template-columns:1fr}
figure{margin:0;background:var(--sheet);border:1px solid var(--line);border-radius:6px;padding:.75rem}a{display:block;border-radius:3px}a:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
img{display:block;width:100%;height:auto;border-radius:3px;background:var(--line)}ul.one img{width:auto;max-width:100%;max-height:80vh;margin:0 auto}
figcaption{margin-top:.75rem;color:var(--soft);overflow-wrap:anywhere}footer{margin-top:3rem;color:var(--soft);font-size:.8125rem}`

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)

type Known = Pick<Deps, 'database' | 'clock' | 'cdn' | 'signedUrlSeconds' | 'publicUrl' | 'shareViews'>

/** `GET /s/{token}`: what a share link shows. Whatever is wrong with a token answers the same page. */
export function sharePage(app: FastifyInstance, deps: Known): void {
  app.get<{ Params: { token: string } }>(
    '/s/:token',
    { config: { open: true }, schema: { hide: true } },
    async (request, reply) => {
      const shared = await openShareLink(deps, request.params.token)
      if (!shared) return send(reply.code(404), gonePage(), [])
      deps.shareViews.note(shared.link)
      request.projectId = shared.link.projectId
      const page = picturesPage(deps, shared)
      return send(reply, page.html, page.sources)
    },
  )
}

/** Nothing but this page's own style and the pictures it names; nobody learns the address by a referrer or a search. */
function send(reply: FastifyReply, html: string, sources: readonly string[]) {
  const pictures = sources.length > 0 ? [...new Set(sources)].join(' ') : "'none'"
  const rules = `default-src 'none'; img-src ${pictures}; style-src ${STYLE_HASH}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', rules)
    .header('referrer-policy', 'no-referrer')
    .header('x-robots-tag', 'noindex, nofollow, noarchive')
    .header('cache-control', 'no-store')
    .send(html)
}

const frame = (title: string, head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title>${head}<style>${STYLE}</style></head><body><main>${body}<footer>Calotype</footer></main></body></html>`

const gonePage = (): string =>
  frame('Nothing here', '', '<h1>Nothing here</h1><p>This link does not exist, has expired, or was taken back.</p>')

function picturesPage(deps: Known, { link, pictures, cover }: SharedPictures) {
  const title = link.title ?? (pictures.length === 1 ? 'A picture for you' : `${pictures.length} pictures for you`)
  const figures = pictures.map(({ image, caption }, index) =>
    figure(deps, image, caption, pictures.length === 1, index),
  )
  const sources = pictures.flatMap(({ image }) => pictureUrl(deps, image) ?? []).map(url => new URL(url).origin)
  const list = `<ul${pictures.length === 1 ? ' class="one"' : ''}>${figures.join('')}</ul>`
  const html = frame(title, preview(deps, title, cover), `<h1>${escapeHtml(title)}</h1>${list}`)
  return { html, sources }
}

/** Messengers know no AVIF, and fetch the picture when the message is sent. */
function preview(deps: Known, title: string, cover: Image): string {
  const url = pictureUrl(deps, cover, 'full', 'jpeg') ?? pictureUrl(deps, cover)
  const full = cover.variants.find(({ name, format }) => name === 'full' && format === 'jpeg')
  const facts: [string, string | number | null | undefined][] = [
    ['og:type', 'website'],
    ['og:site_name', 'Calotype'],
    ['og:title', title],
    ['og:image', url],
    ['og:image:type', full?.contentType],
    ['og:image:width', full?.width],
    ['og:image:height', full?.height],
    ['og:image:alt', cover.alt],
    ['twitter:card', 'summary_large_image'],
    ['twitter:title', title],
    ['twitter:image', url],
  ]
  return facts
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => {
      const attribute = name.startsWith('og:') ? 'property' : 'name'
      return `<meta ${attribute}="${name}" content="${escapeHtml(String(value))}">`
    })
    .join('')
}

function figure(deps: Known, image: Image, caption: string | null, alone: boolean, index: number): string {
  const full = pictureUrl(deps, image)
  const shown = alone ? full : (pictureUrl(deps, image, 'thumb') ?? full)
  if (full === null || shown === null) return ''
  const variant = image.variants.find(({ name }) => name === (alone ? 'full' : 'thumb')) ?? image.variants[0]
  const size = variant ? ` width="${variant.width}" height="${variant.height}"` : ''
  const alt = escapeHtml(image.alt ?? caption ?? `Picture ${index + 1}`)
  const lazy = index > 8 ? ' loading="lazy"' : ''
  const picture = `<a href="${escapeHtml(full)}"><img src="${escapeHtml(shown)}" alt="${alt}"${size}${lazy} decoding="async"></a>`
  return `<li><figure>${picture}${caption === null ? '' : `<figcaption>${escapeHtml(caption)}</figcaption>`}</figure></li>`
}
