/** What can be wrong with a deployment; each is one thing that an operator does or forgets. */
export const FAULTS = [
  ...(['database away', 'database old', 'migrations missing', 'database too new', 'database clock wrong'] as const),
  ...([
    'storage away',
    'storage alters bytes',
    'storage keeps objects',
    'storage clock wrong',
    'server clock wrong',
  ] as const),
  ...(['server not ready', 'server is another', 'bucket readable', 'bucket listable', 'settings differ'] as const),
  ...(['rules of others', 'no CORS', 'type free', 'length free', 'hash free', 'overwrites', 'expiry free'] as const),
  ...(['signature free', 'takes nothing', 'answers 500', 'key broken', 'key unknown', 'viewers unrestricted'] as const),
  ...(['edge keeps answers', 'edge forgets expiry', 'public closed', 'originals exposed', 'events lost'] as const),
  ...(['dead letters', 'dead letters unknown', 'detection queue away', 'library old', 'Redis away'] as const),
  ...(['mail away', 'disk full', 'one probe stays'] as const),
] as const
export type Fault = (typeof FAULTS)[number]

/** Whether a deployment has a fault. */
export type Has = (fault: Fault) => boolean

/** What clocks that are wrong are wrong by. */
export const AWAY_MS = 3_600_000
