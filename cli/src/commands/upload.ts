import { openAsBlob } from 'node:fs'
import path from 'node:path'
import { CalotypeError, type Image } from '@calotype/sdk'
import type { Command } from 'commander'
import { CommandError } from '../exit-codes.ts'
import { answer, openSession, type Session, type Surroundings } from '../session.ts'
import { createProgress, plain } from '../terminal.ts'

interface UploadOptions {
  project?: string
  wait: boolean
}

/** What became of one file. */
interface Sent {
  file: string
  image: Image | null
  error: { code: string; detail: string } | null
}

/** `calotype upload`: files, one after the other. */
export function upload(program: Command, surroundings: Surroundings): void {
  program
    .command('upload')
    .description('Send pictures; one that is there already is answered as it is')
    .argument('<files...>')
    .option('--project <id>', 'into this project; otherwise the default one')
    .option('--wait', 'hold on until each one is ready', false)
    .action(async (files: string[], options: UploadOptions, command: Command) => {
      const session = openSession(command, surroundings)
      const sent: Sent[] = []
      for (const [at, file] of files.entries())
        sent.push(await send(session, file, options, `${at + 1}/${files.length}`))
      answer(session, sent, sent.map(inWords).join('\n'))
      const failed = sent.filter(each => each.error !== null).length
      if (failed > 0) throw new CommandError('refused', `${failed} of ${files.length} files were not taken.`)
    })
}

async function send(session: Session, file: string, options: UploadOptions, count: string): Promise<Sent> {
  const progress = createProgress(session.terminal)
  const fileName = path.basename(file)
  try {
    const blob = await openAsBlob(file, { type: TYPES[path.extname(file).toLowerCase()] ?? '' })
    const image = await session.calotype.images.upload(blob, {
      ...{ fileName, projectId: options.project, signal: session.signal },
      wait: options.wait ? 'ready' : undefined,
      onProgress: ({ sent, total }) => progress.show(total === 0 ? null : sent / total, `${count} ${plain(fileName)}`),
    })
    return { file, image, error: null }
  } catch (error) {
    if (error instanceof CalotypeError && error.status >= 400 && error.status < 500 && error.status !== 401)
      return { file, image: null, error: { code: error.code, detail: error.detail } }
    if (isFileError(error)) return { file, image: null, error: { code: 'no_file', detail: 'It cannot be read.' } }
    throw error
  } finally {
    progress.end()
  }
}

const isFileError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOENT', 'EACCES', 'EISDIR', 'ERR_INVALID_ARG_VALUE'].includes(String(error.code))

const inWords = ({ file, image, error }: Sent): string =>
  image ? `${image.id}  ${image.status}  ${plain(file)}` : `not taken  ${plain(file)}: ${plain(error?.detail ?? '')}`

/** Only a hint: the server looks at the bytes. */
const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.heic': 'image/heic',
  '.heif': 'image/heif',
}
