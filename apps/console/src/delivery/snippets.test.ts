import type { Image } from '@calotype/sdk'
import { expect, test } from 'vitest'
import { snippetsFor } from './snippets.ts'

/** Only what the snippets are made of. */
const image = (change: object = {}) =>
  ({
    file_name: 'roof.jpg',
    alt: null,
    variants: [{ name: 'full', format: 'avif', width: 1200, height: 900 }],
    ...change,
  }) as unknown as Image

const signed = {
  image_id: 'A',
  download_url: 'http://h/full?a=1&b=2',
  expires_at: '2026-11-20T12:00:00.000Z',
  variants: { full: { avif: 'http://h/full.avif?a=1&b=2', webp: 'http://h/full.webp', jpeg: 'http://h/full.jpg' } },
}

test('the picture element offers the best format first and says its size', () => {
  expect(snippetsFor(image({ alt: 'A "roof"' }), signed, 'full', 'avif').html).toBe(
    [
      '<picture>',
      '  <source type="image/avif" srcset="http://h/full.avif?a=1&amp;b=2">',
      '  <source type="image/webp" srcset="http://h/full.webp">',
      '  <img src="http://h/full.jpg" width="1200" height="900" alt="A &quot;roof&quot;">',
      '</picture>',
    ].join('\n'),
  )
})

test('Markdown and curl survive strange names', () => {
  const odd = snippetsFor(image({ file_name: "it's [a] roof.jpg" }), signed, 'full', 'jpeg')
  expect(odd.markdown).toBe("![it's \\[a\\] roof.jpg](http://h/full.jpg)")
  expect(odd.curl).toBe("curl -o 'it'\\''s [a] roof.jpg' 'http://h/full.jpg'")
})

test('a variant without a URL of its own falls back to the negotiated one', () => {
  expect(snippetsFor(image(), signed, 'thumb', 'avif').url).toBe(signed.download_url)
})
