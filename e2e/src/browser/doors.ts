interface Door {
  method: string
  path: string
  json?: unknown
}

/** Every way to an image, its project and its organisation by their ids. */
export function doorsTo(imageId: string, { organization_id, default_project }: Owner): Door[] {
  const image = `/images/${imageId}`
  const project = `/projects/${default_project.id}`
  const organization = `/organizations/${organization_id}`
  const upload = { project_id: default_project.id, file_name: 'x.jpg', mime_type: 'image/jpeg', file_size: 100 }
  return [
    { method: 'GET', path: image },
    { method: 'GET', path: `${image}?wait=ready` },
    { method: 'GET', path: `${image}/file` },
    { method: 'GET', path: `${image}/file?variant=original` },
    { method: 'GET', path: `${image}/signed-url` },
    { method: 'GET', path: `${image}/signed-url?include=variants` },
    { method: 'POST', path: `${image}/retry` },
    { method: 'POST', path: `${image}/complete`, json: {} },
    { method: 'PATCH', path: image, json: { alt: 'mine now' } },
    { method: 'DELETE', path: image },
    { method: 'GET', path: `/images?project_id=${default_project.id}` },
    { method: 'POST', path: '/images/upload-url', json: upload },
    { method: 'GET', path: project },
    { method: 'PATCH', path: project, json: { name: 'mine now' } },
    { method: 'DELETE', path: project },
    { method: 'GET', path: `${project}/events` },
    { method: 'GET', path: organization },
    { method: 'GET', path: `${organization}/members` },
    { method: 'GET', path: `${organization}/invitations` },
    { method: 'PATCH', path: organization, json: { name: 'mine now' } },
    { method: 'DELETE', path: organization },
    { method: 'PUT', path: '/session/organization', json: { organization_id } },
  ]
}

interface Owner {
  organization_id: string
  default_project: { id: string }
}
