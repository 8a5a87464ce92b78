import type { Command } from 'commander'
import { answer, openSession, type Surroundings } from '../session.ts'
import { plain } from '../terminal.ts'

/** `calotype explain`: why an image is where it is. */
export function explain(program: Command, surroundings: Surroundings): void {
  program
    .command('explain')
    .description('Tell what happened to an image, what it waits for and when it is tried next')
    .argument('<image-id>')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command, surroundings)
      const story = await session.calotype.images.explain(id, { signal: session.signal })
      const lines = story.steps.map(
        step => `${step.at}  ${plain(step.what)}${step.detail ? `: ${plain(step.detail)}` : ''}`,
      )
      if (story.waiting_for !== null) lines.push(`Waits for ${plain(story.waiting_for)}.`)
      if (story.next_retry_at !== null) lines.push(`Next try at ${story.next_retry_at}.`)
      answer(session, story, [plain(story.summary), '', ...lines].join('\n'))
    })
}
