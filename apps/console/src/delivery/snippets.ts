import type { Image, SignedUrl, VariantFormat } from '@calotype/sdk'

export interface Snippets {
  url: string
  html: string
  markdown: string
  curl: string
}

const preferred: readonly VariantFormat[] = ['avif', 'webp', 'jpeg']

/** What people paste elsewhere to use a variant. The addresses are the ones that the server gave, in full. */
export function snippetsFor(image: Image, signed: SignedUrl, name: string, format: VariantFormat): Snippets {
  const urls = signed.variants?.[name] ?? {}
  const url = urls[format] ?? signed.download_url
  const variant = image.variants.find(candidate => candidate.name === name && candidate.format === format)
  const alt = image.alt ?? ''
  const fallback = urls.jpeg ?? url
  const sources = preferred
    .filter(candidate => candidate !== 'jpeg' && urls[candidate] !== undefined)
    .map(candidate => `  <source type="image/${candidate}" srcset="${escapeHtml(urls[candidate] ?? '')}">`)
  const size = variant === undefined ? '' : ` width="${variant.width}" height="${variant.height}"`
  const picture = `  <img src="${escapeHtml(fallback)}"${size} alt="${escapeHtml(alt)}">`
  return {
    url,
    html: ['<picture>', ...sources, picture, '</picture>'].join('\n'),
    markdown: `![${escapeMarkdown(alt || image.file_name)}](${url})`,
    curl: `curl -o ${quoteForShell(`${stem(image.file_name)}.${format === 'jpeg' ? 'jpg' : format}`)} ${quoteForShell(url)}`,
  }
}

const stem = (fileName: string): string => fileName.replace(/\.[^.]*$/, '').replace(/[/\\]/g, '-') || 'image'

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const escapeMarkdown = (text: string): string => text.replace(/[[\]\\]/g, '\\$&')

const quoteForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
