const paths = {
  upload: 'M8 11V2.5M4.5 5.5 8 2l3.5 3.5M2.5 10.5v3h11v-3',
  download: 'M8 2v8.5M4.5 7.5 8 11l3.5-3.5M2.5 10.5v3h11v-3',
  camera: 'M2 4.5h3L6 3h4l1 1.5h3v8.5H2zM8 11a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7 14 14',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  check: 'm3 8.5 3.2 3.2L13 4.5',
  warning: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.2',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3',
  moon: 'M13 9.8A5.6 5.6 0 0 1 6.2 3a5.6 5.6 0 1 0 6.8 6.8',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 2v12M8 5h4.9M8 8h6M8 11h4.9',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.6 6.8v4M9.4 6.8v4',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  link: 'M6.8 9.2a2.5 2.5 0 0 0 3.6 0l2.6-2.6A2.5 2.5 0 0 0 9.4 3L8.2 4.2M9.2 6.8a2.5 2.5 0 0 0-3.6 0L3 9.4A2.5 2.5 0 0 0 6.6 13l1.2-1.2',
  pause: 'M5.5 3v10M10.5 3v10',
  restore: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3.5l-3 3 3 3',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7L13 5.8M13 2.5v3.3H9.7',
  back: 'M13 8H3M7 4 3 8l4 4',
  to: 'M2 8h11M9.5 4.5 13 8l-3.5 3.5',
  next: 'm6 3.5 4.5 4.5L6 12.5',
  previous: 'M10 3.5 5.5 8l4.5 4.5',
  small: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z',
  large: 'M2.5 2.5h11v11h-11z',
  leave: 'M6.5 2.5h-4v11h4M10 4.5 13.5 8 10 11.5M13 8H6',
  offline: 'M2 2l12 12M5 9.2a4.5 4.5 0 0 1 2-1M2.5 6.7a8 8 0 0 1 2.3-1.5M8 4.2a8 8 0 0 1 5.5 2.5M10.6 8.8l.4.4M8 12v.1',
  hourglass: 'M4 2.5h8M4 13.5h8M5 2.5V5l3 3-3 3v2.5M11 2.5V5L8 8l3 3v2.5',
  zoom: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  down: 'm3.5 6 4.5 4.5L12.5 6',
  plus: 'M8 3v10M3 8h10',
  person: 'M8 8.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14c.6-2.6 2.7-4 5.5-4s4.9 1.4 5.5 4',
  people:
    'M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M1.5 13c.5-2.2 2.2-3.4 4.5-3.4s4 1.2 4.5 3.4M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12.2 10c1.2.5 2 1.5 2.3 3',
  settings:
    'M2 4.5h6.5M11.5 4.5H14M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M2 11.5h2.5M7.5 11.5H14M6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3',
  key: 'M5.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6M7.6 7.9 13.5 2M11 4.5l2 2M9.2 6.3l1.3 1.3',
  project: 'M2 4.5V13h12V4.5H8L6.5 3H2z',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  blocked: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M3.8 3.8l8.4 8.4',
  split: 'M2.5 3.5h11v9h-11zM8 2v12',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.5V8l2.5 1.5',
} as const

export type IconName = keyof typeof paths

/** Decoration beside words or an accessible name, never the only carrier of meaning. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="shrink-0"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  )
}
