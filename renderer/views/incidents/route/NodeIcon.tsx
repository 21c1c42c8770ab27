import type { ReactNode } from 'react'
import type { Entity } from '../../../../shared/model/incident.ts'

const GLOBE = (
  <>
    <circle cx="10" cy="10" r="7" />
    <path d="M3 10h14M10 3c-5 5-5 9 0 14M10 3c5 5 5 9 0 14" />
  </>
)
const ICONS: Record<Entity['kind'], ReactNode> = {
  host: (
    <>
      <rect x="3" y="4" width="14" height="9" />
      <path d="M10 13v3M6.500 16.500h7" />
    </>
  ),
  address: GLOBE,
  domain: GLOBE,
  user: (
    <>
      <circle cx="10" cy="7" r="3.200" />
      <path d="M4 17c0-4 2.500-6 6-6s6 2 6 6" />
    </>
  ),
  file: (
    <>
      <path d="M5 3h6.500L15 6.500V17H5z" />
      <path d="M11.500 3v3.500H15" />
    </>
  ),
  process: (
    <>
      <rect x="3" y="4" width="14" height="12" />
      <path d="m6 8 2.500 2L6 12M10.500 13h4" />
    </>
  ),
  service: (
    <>
      <ellipse cx="10" cy="5.500" rx="6" ry="2.500" />
      <path d="M4 5.500v9c0 1.500 2.500 2.500 6 2.500s6-1 6-2.500v-9" />
    </>
  ),
}

/** The inside of a 20 × 20 icon. */
export function NodeIcon({ kind }: { readonly kind: Entity['kind'] }): ReactNode {
  return ICONS[kind]
}
