import type { Image, ImageStatus } from '@calotype/sdk'
import type { Command } from 'commander'
import { CommandError } from '../exit-codes.ts'
import { answer, openSession, type Surroundings } from '../session.ts'
import { plain, table } from '../terminal.ts'
import { readLimit } from './audit.ts'

/** `calotype images list | get | delete | restore`. */
export function images(program: Command, surroundings: Surroundings): void {
  const group = program.command('images').description('Look at images, delete them and bring them back')
  listImages(group, surroundings)

  group
    .command('get')
    .description('Show one image with its variants')
    .argument('<image-id>')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, surroundings)
      const image = await session.calotype.images.get(id, { signal: session.signal })
      answer(session, image, describe(image))
    })

  group
    .command('delete')
    .description('Delete images; until their retention is over they can be restored')
    .argument('<image-ids...>')
    .action(async (ids: string[], _options: object, command: Command) => {
      const session = openSession(command, surroundings)
      const result = await session.calotype.images.deleteMany(ids, { signal: session.signal })
      answer(session, result, `Deleted ${result.accepted.length} of ${ids.length}.`)
      if (result.not_found.length > 0)
        throw new CommandError('not_found', `There is nothing under ${result.not_found.join(', ')}.`)
    })

  group
    .command('restore')
    .description('Bring deleted images back')
    .argument('<image-ids...>')
    .action(async (ids: string[], _options: object, command: Command) => {
      const session = openSession(command, surroundings)
      const restored: Image[] = []
      for (const id of ids) restored.push(await session.calotype.images.restore(id, { signal: session.signal }))
      answer(session, restored, restored.map(image => `${image.id}  ${image.status}`).join('\n'))
    })
}

interface ListOptions {
  project?: string
  status?: ImageStatus
  search?: string
  limit: number
}

function listImages(group: Command, surroundings: Surroundings): void {
  group
    .command('list')
    .description('Show the newest images')
    .option('--project <id>', 'of this project; otherwise the default one')
    .option('--status <status>', 'only these, e.g. failed or deleted')
    .option('--search <text>', 'part of the file name')
    .option('--limit <number>', 'how many, up to 200', readLimit, 50)
    .action(async ({ project, search, status, limit }: ListOptions, command: Command) => {
      const session = openSession(command, surroundings)
      const { signal } = session
      const page = await session.calotype.images.page({ projectId: project, q: search, status, limit, signal })
      const rows = page.items.map(image => [image.id, image.status, sizeOf(image), plain(image.file_name)])
      answer(session, page, rows.length === 0 ? 'No images.' : table(rows))
    })
}

const sizeOf = ({ size_bytes }: Image): string =>
  size_bytes === null ? '–' : `${Math.ceil(size_bytes / 1024).toLocaleString('en-US')} KB`

function describe(image: Image): string {
  const saved = image.saved_percent === null ? '' : `, ${image.saved_percent} % smaller`
  const head = `${image.id}  ${image.status}  ${plain(image.file_name)}  ${sizeOf(image)}${saved}`
  const failure = image.failure ? [`  ${image.failure.code}: ${plain(image.failure.detail)}`] : []
  const rows = image.variants.map(each => [
    ...[
      `  ${each.name}`,
      each.format,
      `${each.width} × ${each.height}`,
      `${each.size_bytes.toLocaleString('en-US')} bytes`,
    ],
  ])
  return [head, ...failure, ...(rows.length > 0 ? [table(rows)] : [])].join('\n')
}
