import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { Icon } from '../design/icon.tsx'
import { Menu, MenuGroup, MenuItem } from '../design/menu.tsx'
import { projectsQuery, useProjectIfAny } from '../projects/project.tsx'
import { NewOrganization } from './new-organization.tsx'
import { organizationsQuery } from './queries.ts'
import { useSwitchOrganization } from './use-switch-organization.ts'

/** Where one is, and where else one may go: the projects of this organisation, and the other organisations. */
export function PlaceSwitch() {
  const { organization, user } = useMe()
  const project = useProjectIfAny()
  const mayManage = useMay('project.manage')
  // What is known already stands there before the list has come, so that the keyboard begins at it.
  const { data: projects = project === null ? [] : [project] } = useQuery(projectsQuery(organization.id))
  const { data: organizations = [organization] } = useQuery({ ...organizationsQuery, enabled: user !== null })
  const [making, setMaking] = useState(false)
  const navigate = useNavigate()
  const switchTo = useSwitchOrganization()
  const here = project?.name ?? 'no project'
  return (
    <>
      <Menu
        label={`Project ${here} of ${organization.name}. Switch`}
        button={
          <>
            <span className="min-w-0 truncate">
              <span className="max-md:hidden">{organization.name}</span>
              <span aria-hidden="true" className="mx-1.5 text-ink-faint max-md:hidden">
                /
              </span>
              <span className="font-medium text-ink">{here}</span>
            </span>
            <Icon name="down" size={12} />
          </>
        }
      >
        <MenuGroup label={`Projects of ${organization.name}`}>
          {projects.map(({ id, name }) => (
            <MenuItem
              key={id}
              checked={id === project?.id}
              onClick={() => void navigate({ to: '/', search: { project: id } })}
            >
              {name}
            </MenuItem>
          ))}
          {mayManage && (
            <MenuItem icon="plus" onClick={() => void navigate({ to: '/settings/new-project' })}>
              New project
            </MenuItem>
          )}
        </MenuGroup>
        {user !== null && (
          <MenuGroup label="Organisations">
            {organizations.map(({ id, name }) => (
              <MenuItem
                key={id}
                checked={id === organization.id}
                onClick={() => id !== organization.id && switchTo(id)}
              >
                {name}
              </MenuItem>
            ))}
            <MenuItem icon="plus" onClick={() => setMaking(true)}>
              New organisation
            </MenuItem>
          </MenuGroup>
        )}
      </Menu>
      <NewOrganization open={making} onClose={() => setMaking(false)} />
    </>
  )
}
