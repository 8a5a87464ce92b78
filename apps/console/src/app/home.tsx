import { LightTable } from '../images/light-table.tsx'
import { NoProject } from '../projects/no-project.tsx'
import { useProjectIfAny } from '../projects/project.tsx'

/** Each project has a light table of its own: nothing selected in one is deleted in another. */
export function Home() {
  const project = useProjectIfAny()
  return project === null ? <NoProject /> : <LightTable key={project.id} />
}
