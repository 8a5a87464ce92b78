import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** A file of the corpus and what its manifest wants of it. */
export interface Case {
  name: string
  path: string
  wanted: 'ready' | 'refused' | 'either'
  isHeic: boolean
}

/** The words of the manifest: a HEIC decoder is there, so `policy` means accept. */
const WANTED: Readonly<Record<string, Case['wanted']>> = {
  accept: 'ready',
  'accept-sanitised': 'ready',
  policy: 'ready',
  reject: 'refused',
  either: 'either',
}

/** Every line of `MANIFEST.tsv` under `CORPUS`. @throws Error that says what to set or what it does not understand */
export async function readManifest(): Promise<readonly Case[]> {
  const corpus = process.env.CORPUS
  if (!corpus) throw new Error('Set CORPUS to a folder with a MANIFEST.tsv that tells what to expect of each file.')
  const [head = '', ...lines] = (await readFile(path.join(corpus, 'MANIFEST.tsv'), 'utf8')).trimEnd().split('\n')
  const columns = head.split('\t')
  return lines.map(line => {
    const cells = line.split('\t')
    const name = cells[columns.indexOf('file')] ?? ''
    const wanted = WANTED[cells[columns.indexOf('expected')] ?? '']
    if (wanted === undefined) throw new Error(`MANIFEST.tsv does not say what to expect of ${name}`)
    return { name, path: path.resolve(corpus, name), wanted, isHeic: /\.hei[cf]$/.test(name) }
  })
}
