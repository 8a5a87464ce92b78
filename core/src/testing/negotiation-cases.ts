import { MAX_ACCEPT_LENGTH } from '../delivery/index.ts'

/** What `Accept` says, and the formats to try for it: the same for whoever negotiates, server or CDN. */
export const NEGOTIATION_CASES: readonly (readonly [accept: string | undefined, formats: string])[] = [
  [undefined, 'jpeg'],
  ['', 'jpeg'],
  ['*/*', 'jpeg'],
  ['image/*', 'jpeg'],
  ['image/*;q=1,*/*;q=0.8', 'jpeg'],
  ['image/jpeg', 'jpeg'],
  ['image/avif', 'avif jpeg'],
  ['image/webp', 'webp jpeg'],
  ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif webp jpeg'],
  ['image/webp, image/avif', 'avif webp jpeg'],
  ['IMAGE/AVIF', 'avif jpeg'],
  ['image/avif;q=0', 'jpeg'],
  ['image/avif;q=0.0, image/webp;q=0.001', 'webp jpeg'],
  ['image/avif ; q=0 , image/webp ; q=0.5', 'webp jpeg'],
  ['image/avif;Q=0', 'jpeg'],
  ['image/avif;v=1;q=0', 'jpeg'],
  ['image/avif;q=', 'jpeg'],
  ['image/avif;q=x', 'jpeg'],
  ['image/avif;q=-1', 'jpeg'],
  ['image/avifs', 'jpeg'],
  ['ximage/avif', 'jpeg'],
  ['image/avif-sequence', 'jpeg'],
  [`${'x'.repeat(MAX_ACCEPT_LENGTH)},image/avif`, 'jpeg'],
]
