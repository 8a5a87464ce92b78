/** Ids of the scene that these calls are about. */
interface Ids {
  project: string
  image: string
  shareLink: string
}

const READS = { foreign: 404, otherProject: 404, lowerRole: null, unscoped: 403 } as const
const WRITES = { ...READS, lowerRole: ['viewer', 403] } as const

const json = (payload: object) => ({ payload })
const at = (ids: Ids, path: string) => `/entities/moc/42${path}?project_id=${ids.project}`

/** Slots, galleries and share links, in an order in which the owner can do them all. */
export const ENTITY_MATRIX = {
  'post /api/v1/entities/{type}/{entity_id}/gallery': {
    send: (ids: Ids) => ({ url: at(ids, '/gallery'), ...json({ image_id: ids.image }) }),
    ...WRITES,
  },
  'get /api/v1/entities/{type}/{entity_id}/gallery': { send: (ids: Ids) => ({ url: at(ids, '/gallery') }), ...READS },
  'put /api/v1/entities/{type}/{entity_id}/gallery/order': {
    send: (ids: Ids) => ({ url: at(ids, '/gallery/order'), ...json({ image_ids: [ids.image] }) }),
    ...WRITES,
  },
  'put /api/v1/entities/{type}/{entity_id}/gallery/primary': {
    send: (ids: Ids) => ({ url: at(ids, '/gallery/primary'), ...json({ image_id: ids.image }) }),
    ...WRITES,
  },
  'patch /api/v1/entities/{type}/{entity_id}/gallery/{image_id}': {
    send: (ids: Ids) => ({ url: at(ids, `/gallery/${ids.image}`), ...json({ caption: 'The roof' }) }),
    ...WRITES,
  },
  'post /api/v1/entities/{type}/{entity_id}/gallery/share-links': {
    send: (ids: Ids) => ({ url: at(ids, '/gallery/share-links'), ...json({}) }),
    ...WRITES,
  },
  'get /api/v1/entities/{type}/{entity_id}/gallery/share-links': {
    send: (ids: Ids) => ({ url: at(ids, '/gallery/share-links') }),
    ...WRITES,
  },
  'post /api/v1/images/{id}/share-links': {
    send: (ids: Ids) => ({ url: `/images/${ids.image}/share-links`, ...json({}) }),
    ...WRITES,
  },
  'get /api/v1/images/{id}/share-links': {
    send: (ids: Ids) => ({ url: `/images/${ids.image}/share-links` }),
    ...WRITES,
  },
  'delete /api/v1/share-links/{id}': { send: (ids: Ids) => ({ url: `/share-links/${ids.shareLink}` }), ...WRITES },
  'post /api/v1/entities/{type}/{entity_id}/{slot}': {
    send: (ids: Ids) => ({ url: at(ids, '/thumbnail'), ...json({ image_id: ids.image }) }),
    ...WRITES,
  },
  'get /api/v1/entities/{type}/{entity_id}/{slot}': { send: (ids: Ids) => ({ url: at(ids, '/thumbnail') }), ...READS },
  'post /api/v1/entities/{type}/{entity_id}/{slot}/undo': {
    send: (ids: Ids) => ({ url: at(ids, '/thumbnail/undo') }),
    ...WRITES,
  },
  'delete /api/v1/entities/{type}/{entity_id}/{slot}': {
    send: (ids: Ids) => ({ url: at(ids, '/thumbnail') }),
    ...WRITES,
  },
  'delete /api/v1/entities/{type}/{entity_id}/gallery/{image_id}': {
    send: (ids: Ids) => ({ url: at(ids, `/gallery/${ids.image}`) }),
    ...WRITES,
  },
  'delete /api/v1/entities/{type}/{entity_id}': { send: (ids: Ids) => ({ url: at(ids, '') }), ...WRITES },
} as const
