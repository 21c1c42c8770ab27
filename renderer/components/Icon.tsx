import type { ReactNode } from 'react'

/** Line icons on a 20 × 20 field, 1.5 px strokes. */
const PATHS = {
  search: (
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="m13 13 4 4" />
    </>
  ),
  close: <path d="m5 5 10 10M15 5 5 15" />,
  plus: <path d="M10 4v12M4 10h12" />,
  check: <path d="m4 10.5 4 4 8-9" />,
  down: <path d="m6 8 4 4 4-4" />,
  up: <path d="m6 12 4-4 4 4" />,
  right: <path d="m8 6 4 4-4 4" />,
  arrow: <path d="M3 10h13M12 6l4 4-4 4" />,
  back: <path d="M17 10H4M8 6l-4 4 4 4" />,
  clock: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 6v4l3 2" />
    </>
  ),
  copy: (
    <>
      <rect x="7" y="7" width="9" height="9" />
      <path d="M13 4H4v9" />
    </>
  ),
  folder: (
    <>
      <path d="M3 6h5l1.5 2H17v8H3z" />
      <path d="M3 6V4h5" />
    </>
  ),
  file: (
    <>
      <path d="M5 3h7l3 3v11H5z" />
      <path d="M12 3v3h3" />
    </>
  ),
  warning: (
    <>
      <path d="M10 3 17.5 16.5h-15z" />
      <path d="M10 8v4M10 14v.6" />
    </>
  ),
  info: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 9v5M10 6.200v.6" />
    </>
  ),
  play: <path d="M6 4v12l10-6z" />,
  pause: <path d="M7 4v12M13 4v12" />,
  stop: <rect x="5" y="5" width="10" height="10" />,
  more: <path d="M4 10h.01M10 10h.01M16 10h.01" strokeWidth="2.4" />,
  filter: <path d="M3 5h14M6 10h8M9 15h2" />,
  save: (
    <>
      <path d="M4 4h9l3 3v9H4z" />
      <path d="M7 4v4h5V4M7 16v-4h6v4" />
    </>
  ),
  download: <path d="M10 3v10M6 9l4 4 4-4M4 17h12" />,
  external: <path d="M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7" />,
  undo: <path d="M4 8h8a4 4 0 0 1 0 8H7M4 8l4-4M4 8l4 4" />,
} as const
export type IconName = keyof typeof PATHS

/** Decoration: the word beside it, or the label of its button, carries the meaning. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      {PATHS[name]}
    </svg>
  )
}
