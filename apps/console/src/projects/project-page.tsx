import type { Project } from '@calotype/sdk'
import { useMay } from '../access/me.tsx'
import { Remake } from '../reprocess/remake.tsx'
import { Nothing, Page } from '../settings/parts.tsx'
import { DeleteProject } from './delete-project.tsx'
import { useProjectIfAny } from './project.tsx'
import { ProjectForm } from './project-form.tsx'

export function ProjectPage() {
  const project = useProjectIfAny()
  const mayManage = useMay('project.manage')
  if (project === null || !mayManage) {
    return (
      <Page title="Project">
        <Nothing>
          {mayManage ? 'There is no project to set up here. Choose or make one in the menu above.' : NOT_YOURS}
        </Nothing>
      </Page>
    )
  }
  return <SettingsOf key={project.id} project={project} />
}

const NOT_YOURS = 'Only owners and admins change the settings of a project.'

function SettingsOf({ project }: { project: Project }) {
  return (
    <Page title="Project" about="What is accepted, what is made of it, and how long it stays.">
      <ProjectForm project={project} />
      <Remake project={project} />
      <DeleteProject project={project} />
    </Page>
  )
}
