import { lazy } from 'react'
import { defineView } from '../../app/define-view.ts'
import { OVERVIEW_KEYS } from './overview-keys.ts'

export const view = defineView({
  id: 'overview',
  icon: <path d="M3 16.500h14M5 16.500V11M9 16.500V5M13 16.500V8M17 16.500V13" />,
  order: 100,
  go: 'o',
  Component: lazy(() => import('./OverviewView.tsx')),
  shortcuts: OVERVIEW_KEYS,
})
