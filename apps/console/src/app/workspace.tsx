import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMe } from '../access/me.tsx'
import { buttonClass } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Message } from '../design/message.tsx'
import { Live } from '../events/live.tsx'
import { chooseProject } from '../projects/choose-project.ts'
import { ChosenProject, projectsQuery } from '../projects/project.tsx'
import { Uploads } from '../uploads/uploads.tsx'
import { Shell } from './shell.tsx'

const route = getRouteApi('__root__')

/** The organisation that one works in, and the project of it that the address names. */
export function Workspace() {
  const me = useMe()
  return <WorkspaceOf key={`${me.organization_id} ${me.id}`} />
}

function WorkspaceOf() {
  const me = useMe()
  const { project: wanted } = route.useSearch()
  const { data: list, error } = useQuery(projectsQuery(me.organization_id))
  const choice = chooseProject(wanted, error === null ? list : (list ?? []), me.default_project)
  const project = choice.state === 'chosen' ? choice.project : null
  return (
    <ChosenProject value={project}>
      <Live>
        <Uploads>
          <Shell instead={insteadOf(choice.state)} />
        </Uploads>
      </Live>
    </ChosenProject>
  )
}

/** What the light table shows when there is no project to show. */
function insteadOf(state: ReturnType<typeof chooseProject>['state']): ReactNode {
  if (state === 'waiting') {
    return (
      <p role="status" className="m-auto flex items-center gap-3 text-ink-soft">
        <span className="text-amber-ink animate-breathe">
          <Icon name="hourglass" />
        </span>
        Opening the project…
      </p>
    )
  }
  if (state === 'unknown') {
    return (
      <>
        <h1 className="sr-only">No such project</h1>
        <Message
          title="There is no such project here"
          actions={
            <Link to="/" search={{ project: undefined }} className={buttonClass('primary')}>
              Show the first project
            </Link>
          }
        >
          <p>It may have been deleted, or belong to another organisation of yours: switch in the menu above.</p>
        </Message>
      </>
    )
  }
  return null
}
