import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMay, useMe } from '../access/me.tsx'
import { buttonClass } from '../design/button.tsx'
import { Icon } from '../design/icon.tsx'
import { Message } from '../design/message.tsx'

export function NoProject() {
  const { organization } = useMe()
  const mayMake = useMay('project.manage')
  useEffect(() => {
    document.title = `${organization.name} – Calotype`
  }, [organization.name])
  return (
    <>
      <h1 className="sr-only">{organization.name}</h1>
      <Message
        title={`${organization.name} has no project yet`}
        actions={
          mayMake && (
            <Link to="/settings/new-project" className={buttonClass('primary')}>
              <Icon name="plus" /> New project
            </Link>
          )
        }
      >
        <p>
          A project holds images and decides what is accepted and which variants are made.
          {mayMake ? '' : ' An owner or admin can make one; it appears here at once.'}
        </p>
      </Message>
    </>
  )
}
