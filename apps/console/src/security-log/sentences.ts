import type { SecurityEntry, SecurityEvent } from '@calotype/sdk'
import { type Change, changeAct, changeWord } from '../logs/changes.ts'
import { type Names, whoOf } from '../logs/names.ts'

export const eventWord: Record<SecurityEvent, string> = {
  'sign_in.succeeded': 'Signed in',
  'sign_in.refused': 'Sign-in refused',
  'credential.refused': 'Credential refused',
  'access.refused': 'Access refused',
  'upload.refused': 'Upload refused',
  'rate.limited': 'Too many calls',
  ...changeWord,
}

const tells: Record<Exclude<SecurityEvent, Change>, (who: string, project: string) => string> = {
  'sign_in.succeeded': who => `${who} signed in`,
  'sign_in.refused': who => `${who} tried to sign in and was refused`,
  'credential.refused': () => 'A call without a good credential was refused',
  'access.refused': who => `${who} asked for more than their rights allow`,
  'upload.refused': (who, project) =>
    `An upload by ${midSentence(who)}${project === '' ? '' : ` to ${project}`} was refused`,
  'rate.limited': who => `${who} went too fast and had to wait`,
}

/** In the middle of a sentence only names keep their capital. */
const midSentence = (who: string): string =>
  who.startsWith('Somebody ') || who.startsWith('The ') || who.startsWith('A ')
    ? who.charAt(0).toLowerCase() + who.slice(1)
    : who

const isChange = (event: SecurityEvent): event is Change => event in changeAct

/** Who did what, in one sentence without its full stop. */
export function sentenceOf({ event, actor, project_id: projectId }: SecurityEntry, names: Names): string {
  const who = whoOf(actor, names)
  const project = projectId === null ? '' : (names.projects.get(projectId) ?? '')
  return isChange(event) ? `${who} ${changeAct[event](project)}` : tells[event](who, project)
}

/** Refusals are worth a second look. */
export const isRefusal = (event: SecurityEvent): boolean => event.endsWith('.refused') || event === 'rate.limited'
