import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { PACKET_KEYS } from './packet-keys.ts'

export const view = defineView({
  id: 'packets',
  icon: <path d="M3 4h3v12H3zM8.500 4h3v12h-3zM14 4h3v12h-3zM3 8h3M8.500 12h3M14 7h3" />,
  order: 300,
  go: 'p',
  Component: lazy(() => import('./PacketsView.tsx')),
  shortcuts: PACKET_KEYS,
})
