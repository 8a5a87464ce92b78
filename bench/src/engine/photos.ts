import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** A photograph of the corpus, by its place on the disk: the bench reads them where they are and keeps none. */
export interface Photo {
  /** Folder and file name, without extension. */
  name: string
  path: string
  bytes: number
}

const READABLE = /\.(jpe?g|png|webp|avif|gif|heic)$/i

/** The photos of these folders under `CORPUS`, in order of name. @throws Error that says what to set */
export async function listPhotos(folders: readonly string[]): Promise<readonly Photo[]> {
  const corpus = process.env.CORPUS
  if (!corpus) throw new Error(`Set CORPUS to a folder with the folders ${folders.join(', ')} full of photos in it.`)
  const lists = await Promise.all(folders.map(folder => listFolder(path.resolve(corpus, folder))))
  return lists.flat()
}

async function listFolder(folder: string): Promise<Photo[]> {
  const names = (await readdir(folder)).filter(name => READABLE.test(name)).sort()
  return Promise.all(
    names.map(async name => ({
      name: `${path.basename(folder)}/${path.parse(name).name}`,
      path: path.join(folder, name),
      bytes: (await stat(path.join(folder, name))).size,
    })),
  )
}
