import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { EVENT_KEYS } from './event-keys.ts'

export const view = defineView({
  id: 'events',
  icon: <path d="M3 5h14M3 10h14M3 15h9" />,
  order: 200,
  go: 'e',
  Component: lazy(() => import('./EventsView.tsx')),
  shortcuts: EVENT_KEYS,
})
