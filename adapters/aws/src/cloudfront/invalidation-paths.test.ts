import { describe, expect, it } from 'vitest'
import { invalidationPaths, MAX_FOLDERS } from './invalidation-paths.ts'

const images = (project: string, count: number) =>
  Array.from({ length: count }, (_, index) => `public/${project}/image-${index}/*`)

describe('paths to forget', () => {
  it('are both names of a file: its own and the negotiated one, once for all formats', () => {
    expect(invalidationPaths(['public/p/i/r/full.avif', 'public/p/i/r/full.jpg', '/public/p/i/r/full.jpg'])).toEqual([
      '/public/p/i/r/full',
      '/public/p/i/r/full.avif',
      '/public/p/i/r/full.jpg',
    ])
  })

  it('are folders as they are, and no file in them', () => {
    expect(invalidationPaths(['public/p/i/*', 'public/p/i/r/full.avif', 'public/p/j/r/full.webp'])).toEqual([
      '/public/p/i/*',
      '/public/p/j/r/full',
      '/public/p/j/r/full.webp',
    ])
  })

  it('are at most as many folders as CloudFront works on: else the folder around them', () => {
    expect(invalidationPaths(images('p', MAX_FOLDERS))).toHaveLength(MAX_FOLDERS)
    expect(invalidationPaths(images('p', MAX_FOLDERS + 1))).toEqual(['/public/p/*'])
    expect(invalidationPaths([...images('p', 1_000), ...images('q', 1)])).toEqual(['/public/p/*', '/public/q/*'])
    const projects = Array.from({ length: MAX_FOLDERS + 1 }, (_, index) => images(`p${index}`, 1)).flat()
    expect(invalidationPaths(projects)).toEqual(['/public/*'])
  })
})
